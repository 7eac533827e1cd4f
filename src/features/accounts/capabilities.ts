import { type Capability, capabilities, fullDashboardCapabilities, isCapability } from '../../data/capabilities.ts';
import type { ControllerProperties } from '../../data/controllers.ts';
import { isPaymentCapability, type PaymentCapability } from '../../data/payment-capabilities.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { AccountObject, CapabilityState } from './object.ts';
import type { UpdateAccount } from './params.ts';

export type CapabilityName = Capability | PaymentCapability;
export type Capabilities = AccountObject['capabilities'];

export const isCapabilityName = (name: string): name is CapabilityName =>
  isCapability(name) || isPaymentCapability(name);

export const UNREQUESTED: CapabilityState = { requested: false, status: 'unrequested' };

/** By name, as they stand in the account. */
export const statesOf = (of: Capabilities): readonly (readonly [CapabilityName, CapabilityState])[] =>
  Object.entries(of).filter(
    (entry): entry is [CapabilityName, CapabilityState] => isCapabilityName(entry[0]) && entry[1] !== undefined,
  );

/** What `GET …/capabilities` shows: those that rules know, and whatever else was asked for. */
export function listedCapabilities(of: Capabilities): readonly CapabilityName[] {
  const others = statesOf(of).flatMap(([name]) => (isCapability(name) ? [] : [name]));
  return [...capabilities, ...others].sort();
}

/** Which capabilities a request asks for (true) or gives back (false), both spellings together. */
export function askedFor({
  capabilities: asked = {},
  requested_capabilities = [],
}: Pick<UpdateAccount, 'capabilities' | 'requested_capabilities'>): ReadonlyMap<CapabilityName, boolean> | Refusal {
  const found = new Map<CapabilityName, boolean>();
  for (const [index, name] of requested_capabilities.entries()) {
    if (!isCapabilityName(name)) {
      return refuse('invalid_value', {
        param: `requested_capabilities[${index}]`,
        reason: `no such capability: ${name}`,
      });
    }
    found.set(name, true);
  }
  for (const [name, { requested }] of Object.entries(asked)) {
    if (!isCapabilityName(name)) return refuse('unknown_parameter', { name: `capabilities[${name}]` });
    if (requested !== undefined) found.set(name, requested);
  }
  return found;
}

/** What a new account has asked for without saying so: with the full dashboard it counts as having asked for both. */
export const impliedCapabilities = ({
  stripe_dashboard,
}: ControllerProperties): readonly (readonly [CapabilityName, boolean])[] =>
  stripe_dashboard.type === 'full' ? fullDashboardCapabilities.map((name) => [name, true] as const) : [];

/** The states after asking. Whether what was asked for is active is decided after it (status.ts). */
export function withAsked(
  of: Capabilities,
  asked: Iterable<readonly [CapabilityName, boolean]>,
  now: UnixSeconds,
): Capabilities {
  const states: { [name in CapabilityName]?: CapabilityState } = { ...of };
  for (const [name, requested] of asked) {
    if (!requested) states[name] = UNREQUESTED;
    else if (states[name]?.requested !== true) states[name] = { requested, requested_at: now, status: 'inactive' };
  }
  return states;
}
