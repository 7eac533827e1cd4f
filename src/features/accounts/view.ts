import { embeddedList, type View, view, type Wire } from '../../api/view.ts';
import { statesOf } from './capabilities.ts';
import { requirementsWire } from './capability-wire.ts';
import { at } from './details.ts';
import { externalWire } from './external-wire.ts';
import { type AccountObject, accounts, type Details } from './object.ts';
import { addressWire, individualWire } from './person-wire.ts';
import { requirementsDue } from './requirements.ts';
import { settingsWire } from './settings-wire.ts';

function profileWire(profile: Details | undefined): Wire {
  const of = (name: string) => at(profile, name);
  const address = of('support_address');
  const revenue = of('monthly_estimated_revenue');
  return {
    annual_revenue: of('annual_revenue'),
    estimated_worker_count: of('estimated_worker_count'),
    mcc: of('mcc'),
    minority_owned_business_designation: of('minority_owned_business_designation'),
    ...(revenue !== null && { monthly_estimated_revenue: revenue }),
    name: of('name'),
    product_description: of('product_description'),
    specified_commercial_transactions_act_url: of('specified_commercial_transactions_act_url'),
    support_address: address === null ? null : addressWire(address),
    support_email: of('support_email'),
    support_phone: of('support_phone'),
    support_url: of('support_url'),
    url: of('url'),
  };
}

function companyWire(company: Details | undefined): Wire {
  const of = (...path: string[]) => at(company, ...path);
  const provided = (name: string) => of(name) === true;
  const structure = of('structure');
  return {
    address: addressWire(of('address')),
    directors_provided: provided('directors_provided'),
    executives_provided: provided('executives_provided'),
    name: of('name'),
    owners_provided: provided('owners_provided'),
    phone: of('phone'),
    ...(structure !== null && { structure }),
    tax_id_provided: provided('tax_id_provided'),
    vat_id_provided: provided('vat_id_provided'),
    verification: {
      document: {
        back: of('verification', 'document', 'back'),
        details: null,
        details_code: null,
        front: of('verification', 'document', 'front'),
      },
    },
  };
}

function controllerWire({ controller, platform }: AccountObject): Wire {
  if (platform) return { type: 'account' };
  return {
    fees: { payer: controller.fees.payer },
    is_controller: true,
    losses: { payments: controller.losses.payments },
    requirement_collection: controller.requirement_collection,
    stripe_dashboard: { type: controller.stripe_dashboard.type },
    type: 'application',
  };
}

function termsWire({ tos_acceptance: terms = {} }: AccountObject): Wire {
  return {
    date: terms.date ?? null,
    ip: terms.ip ?? null,
    ...(terms.service_agreement === 'recipient' && { service_agreement: terms.service_agreement }),
    user_agent: terms.user_agent ?? null,
  };
}

const askedStatuses = ({ capabilities }: AccountObject): Wire =>
  Object.fromEntries(
    statesOf(capabilities)
      .filter(([, { requested }]) => requested)
      .map(([name, { status }]): [string, string] => [name, status])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** What holds an account up: requirements are due only where they keep something from being active. */
function requirementsOf(account: AccountObject): Wire {
  const isOff = statesOf(account.capabilities).some(([, { status }]) => status === 'inactive');
  const further = account.furtherRequirements ?? [];
  const due = account.platform ? [] : [...requirementsDue(account), ...further].sort();
  const reason = account.disabled_reason ?? (isOff ? 'requirements.past_due' : null);
  if (isOff) return { ...requirementsWire(due, reason), past_due: due };
  return {
    ...requirementsWire(further, reason),
    eventually_due: due,
    ...(reason !== null && { past_due: further }),
  };
}

function whole(account: AccountObject): Wire {
  const isIndividual = account.business_type === 'individual';
  const showsCompany =
    !isIndividual && (account.company !== undefined || account.controller.requirement_collection === 'application');
  const externals = account.external_accounts;
  return {
    id: account.id,
    object: 'account',
    // A platform reading its own account does not get it.
    ...(!account.platform && { business_profile: profileWire(account.business_profile) }),
    business_type: account.business_type ?? null,
    capabilities: askedStatuses(account),
    charges_enabled: account.charges_enabled,
    ...(showsCompany && { company: companyWire(account.company) }),
    controller: controllerWire(account),
    country: account.country,
    created: account.created,
    default_currency: account.default_currency,
    details_submitted: account.details_submitted,
    email: account.email ?? null,
    external_accounts: embeddedList(
      `/v1/accounts/${account.id}/external_accounts`,
      externals.map((external) => externalWire(external, account.id)),
      externals.length,
    ),
    future_requirements: requirementsWire([], null),
    groups: null,
    ...(isIndividual && account.individual && { individual: individualWire(account, account.individual) }),
    metadata: account.metadata,
    payouts_enabled: account.payouts_enabled,
    requirements: requirementsOf(account),
    settings: settingsWire(account),
    tos_acceptance: termsWire(account),
    type: account.type,
  };
}

export const accountView: View<AccountObject> = view({
  kind: accounts,
  expandable: ['settings.branding.icon', 'settings.branding.logo'],
  render: (account) => (account.deleted ? { id: account.id, object: 'account', deleted: true } : whole(account)),
});
