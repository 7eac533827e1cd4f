import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { AccountObject } from '../accounts/object.ts';
import type { PayoutObject } from '../payouts/object.ts';
import type { Parameter, ReportType } from './catalogue.ts';
import { isMetadataColumn } from './columns.ts';
import type { ReportParameters } from './object.ts';
import { zoned } from './zone.ts';

/** 2010-01-01: nobody has anything older. */
export const dataAvailableStart: UnixSeconds = 1_262_304_000;

const hour = 3600;

/** The end of the last hour that is over: what happened before it can never change. */
export const dataAvailableEnd = (now: UnixSeconds): UnixSeconds => Math.floor(now / hour) * hour;

const paramOf = (name: Parameter): string => `parameters[${name}]`;

/** A parameter that this report does not know, or misses. */
export function refuseParameters({ takes, needs }: ReportType, given: ReportParameters): Refusal | null {
  const unknown = (Object.keys(given) as Parameter[]).filter((name) => !takes.includes(name)).map(paramOf);
  const [first] = unknown;
  if (unknown.length > 1 && first !== undefined) {
    return refuse('unknown_parameters', { names: unknown.join(', '), param: first });
  }
  if (first !== undefined) return refuse('unknown_parameter', { name: first });
  const missing = needs.find((name) => given[name] === undefined);
  return missing === undefined ? null : refuse('missing_parameter', { name: paramOf(missing) });
}

const wrong = (name: Parameter, reason: string): Refusal => refuse('invalid_value', { param: paramOf(name), reason });

/** What is within the data there is, and not empty. */
export function refuseInterval(
  { interval_start: start, interval_end: end }: ReportParameters,
  now: UnixSeconds,
): Refusal | null {
  const last = dataAvailableEnd(now);
  if (start !== undefined && start < dataAvailableStart) {
    return wrong('interval_start', `data is available from ${dataAvailableStart} on`);
  }
  if (end !== undefined && end > last) return wrong('interval_end', `data is available until ${last}`);
  if (end !== undefined && end <= dataAvailableStart) {
    return wrong('interval_end', `data is available from ${dataAvailableStart} on`);
  }
  if (start !== undefined && end !== undefined && start >= end) {
    return wrong('interval_start', 'must be before the end of the interval');
  }
  return null;
}

export function refuseForm({ columns, itemized }: ReportType, given: ReportParameters): Refusal | null {
  const unknown = given.columns?.find((name) => !columns.includes(name) && !(itemized && isMetadataColumn(name)));
  if (unknown !== undefined) return wrong('columns', `this report has no column ${unknown}`);
  if (given.columns?.length === 0) return wrong('columns', 'must have at least one column');
  if (given.timezone !== undefined && zoned(given.timezone) === null) {
    return wrong('timezone', 'must be a name of the IANA time zone database, such as Europe/Berlin');
  }
  return null;
}

/** What the parameters name, as far as it is there. */
export interface Named {
  readonly account?: AccountObject | undefined;
  readonly payout?: PayoutObject | undefined;
}

/**
 * The account and the payout that are named must be there and may be asked about: a connected account of the platform, an
 * automatic payout of whoever the report is of.
 */
export function refuseNamed(
  { connected }: ReportType,
  { connected_account, payout: payoutId }: ReportParameters,
  { account, payout }: Named,
  { acting, platform }: { readonly acting: string; readonly platform: string },
): Refusal | null {
  if (connected && acting !== platform) return refuse('connected_header_not_allowed');
  if (connected_account !== undefined && (account === undefined || account.id === platform)) {
    return refuse('no_such', { object: 'account', id: connected_account, param: paramOf('connected_account') });
  }
  if (payoutId === undefined) return null;
  const mayBe = payout && (connected ? payout.account !== platform : payout.account === acting);
  if (!mayBe || (connected_account !== undefined && payout.account !== connected_account)) {
    return refuse('no_such', { object: 'payout', id: payoutId, param: paramOf('payout') });
  }
  return payout.automatic ? null : refuse('payout_rows_of_manual', { param: paramOf('payout') });
}
