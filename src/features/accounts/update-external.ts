import { mergeMetadata } from '../../api/params.ts';
import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { maySee, refuseAccess } from './access.ts';
import { asUpdated, withChanged, withDefault } from './external-accounts.ts';
import { accountUpdated, externalNews } from './news.ts';
import { accounts, type ExternalAccount } from './object.ts';
import type { UpdateExternal } from './params.ts';

type Address = Readonly<Record<string, string>>;

const addressNames = {
  address_city: 'city',
  address_country: 'country',
  address_line1: 'line1',
  address_line2: 'line2',
  address_state: 'state',
  address_zip: 'postal_code',
} as const;

function addressAfter(old: Address | undefined, change: UpdateExternal): Address | undefined {
  const address: Record<string, string> = { ...old };
  for (const [sent, name] of Object.entries(addressNames)) {
    const value = change[sent as keyof typeof addressNames];
    if (value === null) delete address[name];
    else if (value !== undefined) address[name] = value;
  }
  return Object.keys(address).length > 0 ? address : undefined;
}

const textAfter = (old: string | undefined, change: string | null | undefined): string | undefined =>
  change === undefined ? old : (change ?? undefined);

/** Its fields after a change; those of the other kind of external account stay as they are. */
function changedFields(external: ExternalAccount, change: UpdateExternal): ExternalAccount {
  const {
    account_holder_name: holder,
    account_holder_type: holderType,
    account_type: type,
    name: cardholder,
    address: oldAddress,
    ...rest
  } = asUpdated(external);
  const metadata = mergeMetadata(external.metadata, change.metadata);
  if (external.object === 'bank_account') {
    const account_holder_name = textAfter(holder, change.account_holder_name);
    const account_holder_type = textAfter(holderType, change.account_holder_type);
    const account_type = change.account_type ?? type;
    return {
      ...rest,
      ...(account_holder_name !== undefined && { account_holder_name }),
      ...(account_holder_type !== undefined && { account_holder_type }),
      ...(account_type !== undefined && { account_type }),
      metadata,
    };
  }
  const name = textAfter(cardholder, change.name);
  const address = addressAfter(oldAddress, change);
  return {
    ...rest,
    ...(name !== undefined && { name }),
    ...(address !== undefined && { address }),
    ...(change.exp_month !== undefined && { exp_month: change.exp_month }),
    ...(change.exp_year !== undefined && { exp_year: change.exp_year }),
    metadata,
  };
}

/** Changes a bank account or debit card. Whatever is changed, it may be tried again after it had failed (R104). */
export const updateExternal = command({
  name: 'accounts.external_accounts.update',
  load: (read, { account }: UpdateExternal & { readonly account: string; readonly id: string }) => ({
    account: read.find(accounts, account),
  }),

  decide(params, { account: before }, ctx) {
    if (!maySee(ctx, before)) return refuseAccess(params.account, ctx);
    const old = before.external_accounts.find(({ id }) => id === params.id);
    if (!old) return refuse('no_such_in_path', { object: 'external account', id: params.id, param: 'id' });
    const changed = withChanged(before.external_accounts, changedFields(old, params));
    const external_accounts = params.default_for_currency ? withDefault(changed, old.id) : changed;
    const account = { ...before, external_accounts, changedPart: { external: old.id } };
    const external = external_accounts.find(({ id }) => id === old.id) ?? old;
    return {
      result: account,
      put: [account],
      emit: [externalNews('updated', account, external), accountUpdated(account)],
    };
  },
});
