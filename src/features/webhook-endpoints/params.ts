import { Refused } from '../../api/errors.ts';
import {
  array,
  boolean,
  form,
  metadata,
  optional,
  type Param,
  text,
  unsettable,
  url,
  withDefault,
} from '../../api/params.ts';
import { versionOf } from '../../api/respond.ts';
import { limits } from '../../data/limits.ts';
import { subscribableEvents } from '../../data/subscribable-events.ts';
import { oneOf, refuse } from '../../kernel/refusal.ts';
import { refusedHost } from '../../webhooks/guard.ts';

const choices = oneOf(['*', ...subscribableEvents]);
const known: ReadonlySet<string> = new Set(['*', ...subscribableEvents]);
const urlLengthMax = 2048;

/** Full names of types; `*` stands for all, alone. A beginning such as `charge.*` is no name. */
const enabledEvents = (): Param<readonly string[]> => {
  const names = array(text());
  return {
    ...names,
    doc: { type: 'array of enum', choices: ['*', ...subscribableEvents] },
    parse(value, name) {
      const sent = names.parse(value, name);
      if (sent.length === 0) throw new Refused(refuse('missing_parameter', { name }));
      const unknown = sent.findIndex((each) => !known.has(each));
      if (unknown >= 0) throw new Refused(refuse('invalid_choice', { param: `${name}[${unknown}]`, choices }));
      if (sent.length > 1 && sent.includes('*')) {
        throw new Refused(refuse('invalid_value', { param: name, reason: 'must have no other element beside *' }));
      }
      return [...new Set(sent)];
    },
  };
};

/** A host that is an address is judged at once, as deliveries would be; a name is when it is resolved. */
const endpointUrl = (allowPrivate: boolean): Param<string> => {
  const absolute = url();
  return {
    ...absolute,
    parse(value, name) {
      const sent = absolute.parse(value, name);
      if (sent.length > urlLengthMax)
        throw new Refused(refuse('string_too_long', { param: name, maximum: urlLengthMax }));
      const reason = refusedHost(new URL(sent), allowPrivate);
      if (reason !== null) throw new Refused(refuse('webhook_url_refused', { param: name, reason }));
      return sent;
    },
  };
};

/** Any version that exists in form: there is one shape of objects, and the version is told in the events. */
const apiVersion = (): Param<string> => {
  const version = text();
  return { ...version, parse: (value, name) => versionOf(version.parse(value, name)) };
};

const description = () => optional(unsettable(text({ max: limits.descriptionLengthMax })));

/** @param allowPrivate whether webhooks may go to loopback and private addresses */
export const createForm = (allowPrivate: boolean) =>
  form({
    api_version: optional(apiVersion()),
    connect: withDefault(boolean(), false),
    description: description(),
    enabled_events: enabledEvents(),
    metadata: optional(metadata()),
    url: endpointUrl(allowPrivate),
  });

export const updateForm = (allowPrivate: boolean) =>
  form({
    description: description(),
    disabled: optional(boolean()),
    enabled_events: optional(enabledEvents()),
    metadata: optional(metadata()),
    url: optional(endpointUrl(allowPrivate)),
  });
