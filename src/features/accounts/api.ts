import { Refused } from '../../api/errors.ts';
import { listOf, paging } from '../../api/list.ts';
import { form, oneOf, optional } from '../../api/params.ts';
import { pageOfParts } from '../../api/part.ts';
import type { Read } from '../../api/read.ts';
import { act, create, type Done, list, type Route, read, remove, update } from '../../api/route.ts';
import type { Wire } from '../../api/view.ts';
import { refuse } from '../../kernel/refusal.ts';
import { maySee } from './access.ts';
import { isCapabilityName, listedCapabilities } from './capabilities.ts';
import { capabilityWire } from './capability-wire.ts';
import { createAccount } from './create.ts';
import { createExternal } from './create-external.ts';
import { deleteAccount } from './delete.ts';
import { deleteExternal } from './delete-external.ts';
import { deletedExternalWire, externalWire } from './external-wire.ts';
import { type AccountObject, accounts, type ExternalAccount } from './object.ts';
import {
  createAccountForm,
  createExternalForm,
  rejectForm,
  updateAccountForm,
  updateCapabilityForm,
  updateExternalForm,
} from './params.ts';
import { bankPartView, capabilityPartView } from './part-views.ts';
import { rejectAccount } from './reject.ts';
import { unrejectAccount } from './unreject.ts';
import { updateAccount } from './update.ts';
import { updateCapability } from './update-capability.ts';
import { updateExternal } from './update-external.ts';
import { accountView } from './view.ts';

/** @throws Refused X2: unknown, deleted or somebody else's */
async function accessible(read: Read, id: string): Promise<AccountObject> {
  const account = await read.anywhere(accounts, id);
  if (!maySee(read.env, account)) throw new Refused(refuse('account_access', { key: read.maskedKey, id }));
  return account;
}

/** The part of the account that the operation was about. It stands in the account, so a repeated request shows the same. */
function changedPartWire(account: AccountObject): Wire {
  const part = account.changedPart;
  if (part && 'deleted' in part) return deletedExternalWire(part.deleted);
  if (part && 'capability' in part && isCapabilityName(part.capability))
    return capabilityWire(account, part.capability);
  const external = account.external_accounts.find(({ id }) => part && 'external' in part && id === part.external);
  return external ? externalWire(external, account.id) : {};
}

const respond = async ({ object: account }: Done<AccountObject>): Promise<Wire> => changedPartWire(account);

/** Its bank accounts show only to who controls the account, or as `GET /v1/accounts/:account`. */
function ownWire(read: Read, account: AccountObject): Wire {
  const wire = read.view(account);
  if (account.controller.requirement_collection === 'application') return wire;
  // Taken out of the very object, which is what `expand` goes on with.
  delete (wire as Record<string, unknown>).external_accounts;
  return wire;
}

export const routes: readonly Route[] = [
  read('/v1/account', {
    tier: 1,
    resource: 'account',
    summary: 'The account that the request runs as; a platform learns its own id from it (R9).',
    view: accountView,
    handler: async (read, _, { account }) => ownWire(read, await accessible(read, account)),
  }),
  create('/v1/accounts', {
    tier: 1,
    summary:
      'Makes a connected account. Without any parameters it is a standard account in the country of the platform.',
    params: createAccountForm,
    aliases: { bank_account: 'external_account' },
    command: createAccount,
    view: accountView,
  }),
  list('/v1/accounts', accountView, {
    tier: 1,
    summary: 'The connected accounts of the platform, newest first.',
    filters: { created: 'created' },
    where: ({ deleted, platform }) => !deleted && !platform,
  }),
  read('/v1/accounts/:account', {
    tier: 1,
    summary: 'One account: a connected one, or the own.',
    view: accountView,
    handler: async (read, { account }) => read.view(await accessible(read, account)),
  }),
  update('/v1/accounts/:account', {
    tier: 1,
    summary: 'Changes an account: profile, settings, capabilities, consent, the default external account.',
    params: updateAccountForm,
    aliases: { bank_account: 'external_account' },
    command: updateAccount,
    view: accountView,
  }),
  remove('/v1/accounts/:account', {
    tier: 1,
    summary: 'Deletes a connected account; in live mode only one without money.',
    command: deleteAccount,
    view: accountView,
  }),
  update('/v1/accounts/:account/reject', {
    tier: 1,
    summary: 'Rejects a connected account that the platform is liable for (R158).',
    params: rejectForm,
    command: rejectAccount,
    view: accountView,
  }),
  update('/v1/accounts/:account/unreject', {
    tier: 3,
    summary: 'Takes the rejection of a connected account back.',
    command: unrejectAccount,
    view: accountView,
  }),

  read('/v1/accounts/:account/capabilities', {
    tier: 1,
    summary: 'The capabilities of an account, on one page.',
    handler: async (read, { account: id }) => {
      const account = await accessible(read, id);
      const names = listedCapabilities(account.capabilities);
      return listOf(
        read.path,
        names.map((name) => capabilityWire(account, name)),
        false,
      );
    },
  }),
  read('/v1/accounts/:account/capabilities/:capability', {
    tier: 1,
    summary: 'One capability of an account.',
    view: capabilityPartView,
    handler: async (read, { account: id, capability }) => {
      const account = await accessible(read, id);
      if (isCapabilityName(capability)) return capabilityWire(account, capability);
      throw new Refused(refuse('no_such_in_path', { object: 'capability', id: capability, param: 'capability' }));
    },
  }),
  act('/v1/accounts/:account/capabilities/:capability', {
    tier: 1,
    summary: 'Asks for a capability, or gives it back.',
    params: updateCapabilityForm,
    command: updateCapability,
    view: capabilityPartView,
    respond,
  }),

  act('/v1/accounts/:account/external_accounts', {
    tier: 1,
    summary: 'Adds a bank account or debit card that payouts go to.',
    params: createExternalForm,
    aliases: { bank_account: 'external_account' },
    command: createExternal,
    view: bankPartView,
    respond,
  }),
  read('/v1/accounts/:account/external_accounts', {
    tier: 1,
    summary: 'The bank accounts and debit cards of an account, newest first.',
    params: form({ object: optional(oneOf(['bank_account', 'card'])), ...paging }),
    handler: async (read, { account: id, object, ...place }) => {
      const account = await accessible(read, id);
      const newestFirst = [...account.external_accounts].reverse();
      const isWanted = (external: ExternalAccount) => object === undefined || external.object === object;
      const page = pageOfParts(newestFirst, isWanted, place, 'external account');
      return listOf(
        read.path,
        page.items.map((external) => externalWire(external, account.id)),
        page.hasMore,
      );
    },
  }),
  read('/v1/accounts/:account/external_accounts/:id', {
    tier: 1,
    summary: 'One bank account or debit card of an account.',
    view: bankPartView,
    handler: async (read, { account: accountId, id }) => {
      const account = await accessible(read, accountId);
      const external = account.external_accounts.find((each) => each.id === id);
      if (external) return externalWire(external, account.id);
      throw new Refused(refuse('no_such_in_path', { object: 'external account', id, param: 'id' }));
    },
  }),
  act('/v1/accounts/:account/external_accounts/:id', {
    tier: 1,
    summary: 'Changes a bank account or debit card; one that had failed may then be tried again (R104).',
    params: updateExternalForm,
    command: updateExternal,
    view: bankPartView,
    respond,
  }),
  act('/v1/accounts/:account/external_accounts/:id', {
    method: 'DELETE',
    tier: 1,
    summary: 'Takes a bank account or debit card away, unless it is the default.',
    command: deleteExternal,
    respond,
  }),
];
