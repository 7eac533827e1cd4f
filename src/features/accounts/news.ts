import type { Wire } from '../../api/view.ts';
import type { EventType } from '../../data/event-types.ts';
import type { EventDraft } from '../../engine/command.ts';
import { capabilityWire } from './capability-wire.ts';
import { externalWire } from './external-wire.ts';
import type { AccountObject, ExternalAccount } from './object.ts';
import { changedCapabilities } from './status.ts';

/** Events of an account are its own, not its owner's. */
const told = (type: EventType, { id }: AccountObject, rendered: Wire): EventDraft => ({
  type,
  account: id,
  object: { rendered },
});

/** The account as the operation leaves it, which has to put it. */
export const accountUpdated = (account: AccountObject): EventDraft => ({
  type: 'account.updated',
  account: account.id,
  object: account,
});

export const externalNews = (
  what: 'created' | 'updated' | 'deleted',
  account: AccountObject,
  external: ExternalAccount,
): EventDraft => told(`account.external_account.${what}`, account, externalWire(external, account.id));

/** One for each capability whose state has changed. */
export const capabilityNews = (before: AccountObject | null, after: AccountObject): readonly EventDraft[] =>
  changedCapabilities(before, after).map((name) => told('capability.updated', after, capabilityWire(after, name)));

/** The platform's application was given access to the account, or lost it. */
export const applicationNews = (
  what: 'authorized' | 'deauthorized',
  account: AccountObject,
  application: { readonly id: string; readonly name: string | null },
): EventDraft =>
  told(`account.application.${what}`, account, { id: application.id, object: 'application', name: application.name });
