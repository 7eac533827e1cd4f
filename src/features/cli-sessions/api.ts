import { Refused } from '../../api/errors.ts';
import { array, form, oneOf, optional, text } from '../../api/params.ts';
import { defaultVersion } from '../../api/respond.ts';
import { type ReadRoute, type Route, read } from '../../api/route.ts';
import { originOf } from '../../api/view.ts';
import { assert } from '../../kernel/assert.ts';
import { refuse } from '../../kernel/refusal.ts';
import { type CliSessions, subscribePath } from '../../webhooks/cli/sessions.ts';
import { cliFeatures } from '../../webhooks/cli/ticket.ts';

const filtersLengthMax = 2000;
const url = () => optional(text());

/** @param sessions null where routes are only looked at, as data */
export function cliSessionRoutes(sessions: CliSessions | null): readonly Route[] {
  const open = read('/v1/stripecli/sessions', {
    tier: 2,
    summary:
      'Lets a command line in that listens: to events, or to requests. What it does with them it says for information.',
    params: form({
      device_name: optional(text()),
      filters: optional(text({ max: filtersLengthMax })),
      forward_connect_to_url: url(),
      forward_thin_connect_to_url: url(),
      forward_thin_to_url: url(),
      forward_to_url: url(),
      websocket_features: array(oneOf(cliFeatures)),
    }),
    async handler({ env, book }, { filters, websocket_features: [feature = 'webhooks'] }) {
      assert(sessions !== null, 'who serves has sessions');
      const session = await sessions.open(book, feature, filters);
      if (session === null) throw new Refused(refuse('rate_limit'));
      return {
        websocket_id: session.id,
        object: 'stripecli.session',
        default_version: defaultVersion,
        device_token: session.id.slice(-43),
        display_connect_filter_warning: false,
        latest_version: defaultVersion,
        reconnect_delay: session.renewAfter,
        secret: session.secret,
        websocket_authorized_feature: feature,
        websocket_url: `${originOf(env).replace(/^http/, 'ws')}${subscribePath}${session.id}`,
      };
    },
  });
  // A POST that writes nothing: whoever keeps the id is let in with it.
  const asked: ReadRoute = { ...(open as ReadRoute), method: 'POST' };
  return [asked];
}
