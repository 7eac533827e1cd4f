import { type CapabilityName, statesOf } from './capabilities.ts';
import type { AccountObject, CapabilityState } from './object.ts';
import { requirementsDue } from './requirements.ts';

/** Whether the account is switched off as a whole, so that no change of its fields switches it on. */
const isRejected = ({ disabled_reason }: AccountObject): boolean => disabled_reason?.startsWith('rejected.') === true;

/**
 * The account with everything that follows from its fields: which capabilities are active, what is enabled.
 *
 * @param autoActivate whatever is asked for is active at once, as in test mode, so that an integration can go on without
 *                     the hosted pages
 */
export function withStatus(account: AccountObject, autoActivate: boolean): AccountObject {
  const due = requirementsDue(account);
  const mayAct = !isRejected(account) && (autoActivate || due.length === 0);
  const states: { [name in CapabilityName]?: CapabilityState } = {};
  for (const [name, state] of statesOf(account.capabilities)) {
    states[name] = state.requested ? { ...state, status: mayAct ? 'active' : 'inactive' } : state;
  }
  const acts = Object.values(states).some(({ status }) => status === 'active');
  const collectsItself = account.controller.requirement_collection === 'application';
  return {
    ...account,
    capabilities: states,
    details_submitted: account.details_submitted || (collectsItself && due.length === 0),
    // Something else has switched them off: only that can switch them on again.
    charges_enabled: account.disabled_reason === undefined ? acts : account.charges_enabled,
    payouts_enabled: account.disabled_reason === undefined ? acts : account.payouts_enabled,
  };
}

/** The capabilities whose state is not what it was. */
export function changedCapabilities(before: AccountObject | null, after: AccountObject): readonly CapabilityName[] {
  return statesOf(after.capabilities).flatMap(([name, state]) => {
    const was = before?.capabilities[name];
    return was?.status === state.status && was.requested === state.requested ? [] : [name];
  });
}
