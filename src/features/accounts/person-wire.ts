import type { Wire } from '../../api/view.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import { at } from './details.ts';
import type { AccountObject, Details } from './object.ts';

export const addressWire = (address: unknown): Wire => {
  const of = (name: string) => at(address as Details | undefined, name);
  return {
    city: of('city'),
    country: of('country'),
    line1: of('line1'),
    line2: of('line2'),
    postal_code: of('postal_code'),
    state: of('state'),
  };
};

const documentWire = (document: unknown): Wire => ({
  back: at(document as Details | undefined, 'back'),
  details: null,
  details_code: null,
  front: at(document as Details | undefined, 'front'),
});

const isSet = (value: unknown): boolean => value === true;

/** Whose person it is. */
export interface PersonPlace {
  readonly id: unknown;
  /** acct_ */
  readonly account: string;
  readonly created: UnixSeconds;
}

/** A person of an account. Numbers that identify it are never echoed. */
export function personWire({ id, account, created }: PersonPlace, person: Details): Wire {
  const of = (...path: string[]) => at(person, ...path);
  const role = (name: string) => of('relationship', name) ?? false;
  return {
    id,
    object: 'person',
    account,
    additional_tos_acceptances: { account: { date: null, ip: null, user_agent: null } },
    address: addressWire(of('address')),
    created,
    dob: { day: of('dob', 'day'), month: of('dob', 'month'), year: of('dob', 'year') },
    email: of('email'),
    first_name: of('first_name'),
    full_name_aliases: of('full_name_aliases') ?? [],
    future_requirements: personRequirements(),
    id_number_provided: isSet(of('id_number_provided')),
    id_number_secondary_provided: isSet(of('id_number_secondary_provided')),
    last_name: of('last_name'),
    metadata: of('metadata') ?? {},
    phone: of('phone'),
    political_exposure: of('political_exposure') ?? 'none',
    relationship: {
      authorizer: role('authorizer'),
      director: role('director'),
      executive: role('executive'),
      legal_guardian: role('legal_guardian'),
      owner: role('owner'),
      percent_ownership: of('relationship', 'percent_ownership'),
      representative: role('representative'),
      title: of('relationship', 'title'),
    },
    requirements: personRequirements(),
    ssn_last_4_provided: isSet(of('ssn_last_4_provided')),
    verification: {
      additional_document: documentWire(of('verification', 'additional_document')),
      details: null,
      details_code: null,
      document: documentWire(of('verification', 'document')),
      status: 'verified',
    },
  };
}

/** The person that an individual's account is, with an id of its own; nobody else speaks for the account. */
export function individualWire({ id: account, created }: AccountObject, person: Details): Wire {
  const relationship = { ...(person.relationship as Details | undefined), representative: true };
  return personWire({ id: at(person, 'id'), account, created }, { ...person, relationship });
}

const personRequirements = (): Wire => ({
  alternatives: [],
  currently_due: [],
  errors: [],
  eventually_due: [],
  past_due: [],
  pending_verification: [],
});
