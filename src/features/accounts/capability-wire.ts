import type { Wire } from '../../api/view.ts';
import { type CapabilityName, UNREQUESTED } from './capabilities.ts';
import type { AccountObject } from './object.ts';
import { requirementsDue } from './requirements.ts';

/** The requirements of an account or capability: what is due, and why something is off. */
export const requirementsWire = (due: readonly string[], disabled_reason: string | null): Wire => ({
  alternatives: [],
  current_deadline: null,
  currently_due: due,
  disabled_reason,
  errors: [],
  eventually_due: due,
  past_due: [],
  pending_verification: [],
});

/** A capability on the wire; what nobody has asked for is `unrequested`. */
export function capabilityWire(account: AccountObject, name: CapabilityName): Wire {
  const { requested, requested_at, status } = account.capabilities[name] ?? UNREQUESTED;
  const isOff = requested && status !== 'active';
  const reason = account.disabled_reason?.startsWith('rejected.') ? 'rejected.other' : 'requirements.fields_needed';
  return {
    id: name,
    object: 'capability',
    account: account.id,
    future_requirements: requirementsWire([], null),
    requested,
    requested_at: requested_at ?? null,
    requirements: requirementsWire(isOff ? requirementsDue(account) : [], isOff ? reason : null),
    status,
  };
}
