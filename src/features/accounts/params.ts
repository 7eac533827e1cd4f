import {
  amount,
  array,
  boolean,
  currency,
  decimal,
  either,
  email,
  form,
  hash,
  integer,
  metadata,
  object,
  oneOf,
  optional,
  type ParamsOf,
  text,
  timestamp,
  unsettable,
  unsupported,
  url,
} from '../../api/params.ts';
import { controllerChoices } from '../../data/controllers.ts';

const line = (max = 5000) => optional(unsettable(text({ max })));

const address = () =>
  optional(
    object({
      city: line(100),
      country: line(),
      line1: line(200),
      line2: line(200),
      postal_code: line(),
      state: line(),
    }),
  );

/** Japanese addresses have a `town`. */
const addressOfJapan = () =>
  optional(
    object({
      city: line(),
      country: line(),
      line1: line(),
      line2: line(),
      postal_code: line(),
      state: line(),
      town: line(),
    }),
  );

const date = () => optional(unsettable(object({ day: integer(), month: integer(), year: integer() })));
const acceptance = () => optional(object({ date: optional(timestamp()), ip: line(), user_agent: line() }));
const document = () => optional(object({ back: line(500), front: line(500) }));

const ownerships = [
  'lgbtqi_owned_business',
  'minority_owned_business',
  'none_of_these_apply',
  'prefer_not_to_answer',
  'women_owned_business',
] as const;

const businessProfile = object({
  annual_revenue: optional(
    object({ amount: amount({ min: 0 }), currency: currency(), fiscal_year_end: text({ max: 10 }) }),
  ),
  estimated_worker_count: optional(integer({ min: 0 })),
  mcc: optional(text({ max: 4 })),
  minority_owned_business_designation: optional(array(oneOf(ownerships))),
  monthly_estimated_revenue: optional(object({ amount: amount({ min: 0 }), currency: currency() })),
  name: line(),
  product_description: line(40_000),
  specified_commercial_transactions_act_url: optional(unsettable(url())),
  support_address: address(),
  support_email: optional(unsettable(email())),
  support_phone: line(),
  support_url: optional(unsettable(url())),
  url: optional(unsettable(text())),
});

const companyStructures = [
  'free_zone_establishment',
  'free_zone_llc',
  'government_instrumentality',
  'governmental_unit',
  'incorporated_non_profit',
  'incorporated_partnership',
  'limited_liability_partnership',
  'llc',
  'multi_member_llc',
  'private_company',
  'private_corporation',
  'private_partnership',
  'public_company',
  'public_corporation',
  'public_partnership',
  'registered_charity',
  'single_member_llc',
  'sole_establishment',
  'sole_proprietorship',
  'tax_exempt_government_instrumentality',
  'unincorporated_association',
  'unincorporated_non_profit',
  'unincorporated_partnership',
] as const;

const companyFields = {
  address: address(),
  address_kana: addressOfJapan(),
  address_kanji: addressOfJapan(),
  administrative_address: address(),
  directors_provided: optional(boolean()),
  directorship_declaration: acceptance(),
  executives_provided: optional(boolean()),
  export_license_id: line(),
  export_purpose_code: line(),
  name: line(100),
  name_kana: line(100),
  name_kanji: line(100),
  owners_provided: optional(boolean()),
  ownership_declaration: acceptance(),
  ownership_exemption_reason: optional(
    unsettable(oneOf(['qualified_entity_exceeds_ownership_threshold', 'qualifies_as_financial_institution'])),
  ),
  phone: line(),
  physical_address: address(),
  principal_place_of_business: address(),
  registration_date: date(),
  registration_number: line(),
  representative_declaration: acceptance(),
  structure: optional(unsettable(oneOf(companyStructures))),
  tax_id: line(),
  tax_id_registrar: line(),
  vat_id: line(),
  verification: optional(object({ document: document() })),
} as const;

export const company = object(companyFields);

/** As a token tells of a company. What was shown to its owners is of no consequence. */
export const toldCompany = object({
  ...companyFields,
  ownership_declaration_shown_and_signed: optional(boolean()),
});

const personFields = {
  address: address(),
  address_kana: addressOfJapan(),
  address_kanji: addressOfJapan(),
  dob: date(),
  email: optional(unsettable(email())),
  first_name: line(100),
  first_name_kana: line(),
  first_name_kanji: line(),
  full_name_aliases: optional(unsettable(array(text({ max: 300 })))),
  gender: line(),
  id_number: line(),
  id_number_secondary: line(),
  last_name: line(100),
  last_name_kana: line(),
  last_name_kanji: line(),
  maiden_name: line(),
  metadata: optional(metadata()),
  phone: line(),
  political_exposure: optional(oneOf(['existing', 'none'])),
  registered_address: address(),
  ssn_last_4: line(),
  verification: optional(object({ additional_document: document(), document: document() })),
} as const;

const roles = {
  director: optional(boolean()),
  executive: optional(boolean()),
  owner: optional(boolean()),
  percent_ownership: optional(unsettable(decimal({ min: 0, max: 100 }))),
  title: line(),
} as const;

export const individual = object({ ...personFields, relationship: optional(object(roles)) });

/** What may be said of a person of a company. */
export const person = {
  ...personFields,
  additional_tos_acceptances: optional(object({ account: acceptance() })),
  documents: optional(hash(object({ files: optional(array(text({ max: 500 }))) }))),
  nationality: line(),
  relationship: optional(
    object({
      ...roles,
      authorizer: optional(boolean()),
      legal_guardian: optional(boolean()),
      representative: optional(boolean()),
    }),
  ),
  us_cfpb_data: unsupported(),
} as const;

export const personForm = form({ ...person, person_token: optional(text()) });
export type PersonChange = ParamsOf<typeof personForm>;

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;

export const payoutSettings = object({
  debit_negative_balances: optional(boolean()),
  schedule: optional(
    object({
      delay_days: optional(either(integer(), oneOf(['minimum']))),
      interval: optional(oneOf(['daily', 'manual', 'monthly', 'weekly'])),
      monthly_anchor: optional(integer({ min: 1, max: 31 })),
      monthly_payout_days: optional(array(integer({ min: 1, max: 31 }))),
      weekly_anchor: optional(oneOf([...weekdays, 'saturday', 'sunday'])),
      weekly_payout_days: optional(array(oneOf(weekdays))),
    }),
  ),
  statement_descriptor: line(22),
});

const settings = object({
  bacs_debit_payments: optional(object({ display_name: line() })),
  branding: optional(object({ icon: line(), logo: line(), primary_color: line(), secondary_color: line() })),
  card_issuing: optional(object({ tos_acceptance: acceptance() })),
  card_payments: optional(
    object({
      decline_on: optional(object({ avs_failure: optional(boolean()), cvc_failure: optional(boolean()) })),
      statement_descriptor_prefix: line(10),
      statement_descriptor_prefix_kana: line(10),
      statement_descriptor_prefix_kanji: line(10),
    }),
  ),
  invoices: optional(
    object({
      default_account_tax_ids: optional(unsettable(array(text()))),
      hosted_payment_method_save: optional(oneOf(['always', 'never', 'offer'])),
    }),
  ),
  payments: optional(
    object({
      statement_descriptor: line(22),
      statement_descriptor_kana: line(22),
      statement_descriptor_kanji: line(22),
    }),
  ),
  payouts: optional(payoutSettings),
  paypay_payments: unsupported(),
  sepa_debit_payments: optional(object({ creditor_id: line() })),
  treasury: unsupported(),
});

/** A bank account or debit card typed in whole. */
const external = object({
  object: optional(oneOf(['bank_account', 'card'])),
  account_holder_name: optional(text()),
  account_holder_type: optional(oneOf(['company', 'individual'])),
  account_number: optional(text()),
  account_type: optional(oneOf(['checking', 'futsu', 'savings', 'toza'])),
  address_city: optional(text()),
  address_country: optional(text()),
  address_line1: optional(text()),
  address_line2: optional(text()),
  address_state: optional(text()),
  address_zip: optional(text()),
  country: optional(text()),
  currency: optional(currency()),
  cvc: optional(text()),
  default_for_currency: optional(boolean()),
  documents: optional(hash(hash(array(text())))),
  exp_month: optional(integer()),
  exp_year: optional(integer()),
  metadata: optional(metadata()),
  name: optional(text()),
  number: optional(text()),
  routing_number: optional(text()),
  token: unsupported(),
});

/** What may be said of an account when it is made and later. */
const fields = {
  account_token: optional(text()),
  business_profile: optional(businessProfile),
  business_type: optional(oneOf(['company', 'government_entity', 'individual', 'non_profit'])),
  capabilities: optional(hash(object({ requested: optional(boolean()) }))),
  company: optional(company),
  default_currency: optional(currency()),
  /** Files that support an identity: accepted, and of no consequence. */
  documents: optional(
    hash(object({ files: optional(array(text({ max: 500 }))), signer: optional(object({ person: line() })) })),
  ),
  email: optional(unsettable(email())),
  external_account: optional(either(text(), external)),
  /** Pricing groups: accepted, and of no consequence. */
  groups: optional(object({ payments_pricing: line() })),
  individual: optional(individual),
  metadata: optional(metadata()),
  /** What capabilities[x][requested] was called before. */
  requested_capabilities: optional(array(text())),
  settings: optional(settings),
  tos_acceptance: optional(
    object({ date: optional(timestamp()), ip: line(), service_agreement: line(), user_agent: line() }),
  ),
} as const;

export const updateAccountForm = form(fields);
export type UpdateAccount = ParamsOf<typeof updateAccountForm>;

export const createAccountForm = form({
  ...fields,
  controller: optional(
    object({
      fees: optional(object({ payer: optional(oneOf(controllerChoices['fees[payer]'])) })),
      losses: optional(object({ payments: optional(oneOf(controllerChoices['losses[payments]'])) })),
      requirement_collection: optional(oneOf(controllerChoices.requirement_collection)),
      stripe_dashboard: optional(object({ type: optional(oneOf(controllerChoices['stripe_dashboard[type]'])) })),
    }),
  ),
  country: optional(text()),
  type: optional(oneOf(['custom', 'express', 'standard'])),
});
export type CreateAccount = ParamsOf<typeof createAccountForm>;

export const createExternalForm = form({
  default_for_currency: optional(boolean()),
  external_account: either(text(), external),
  metadata: optional(metadata()),
});
export type CreateExternal = ParamsOf<typeof createExternalForm>;

export const updateExternalForm = form({
  account_holder_name: line(),
  account_holder_type: optional(unsettable(oneOf(['company', 'individual']))),
  account_type: optional(oneOf(['checking', 'futsu', 'savings', 'toza'])),
  address_city: line(),
  address_country: line(),
  address_line1: line(),
  address_line2: line(),
  address_state: line(),
  address_zip: line(),
  default_for_currency: optional(boolean()),
  documents: optional(hash(hash(array(text())))),
  exp_month: optional(integer({ min: 1, max: 12 })),
  exp_year: optional(integer({ min: 0 })),
  metadata: optional(metadata()),
  name: line(),
});
export type UpdateExternal = ParamsOf<typeof updateExternalForm>;

export const updateCapabilityForm = form({ requested: optional(boolean()) });
export type UpdateCapability = ParamsOf<typeof updateCapabilityForm>;

export const rejectForm = form({
  payouts_action: optional(oneOf(['none', 'pause'])),
  reason: oneOf([
    'credit',
    'fraud',
    'fraud_no_intent_to_fulfill',
    'fraud_other',
    'fraud_payment_method_casher',
    'fraud_payment_method_tester',
    'other',
    'terms_of_service',
  ]),
});
export type RejectAccount = ParamsOf<typeof rejectForm>;
