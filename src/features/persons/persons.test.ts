import { describe, expect, test } from 'vitest';
import { sellerOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import { controllerPresets } from '../../data/controllers.ts';
import { monday, testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import type { AccountObject } from '../accounts/object.ts';
import { createPerson } from './create.ts';
import { deletePerson } from './delete.ts';
import type { PersonObject } from './object.ts';
import { hasRoles } from './rules.ts';
import { updatePerson } from './update.ts';
import { personView } from './view.ts';

const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
const company = sellerOf(1, { business_type: 'company', controller: controllerPresets.custom });
const individual: AccountObject = { ...company, business_type: 'individual', individual: { id: 'person_9' } };
const person: PersonObject = {
  id: 'person_1',
  account: company.id,
  created: monday,
  details: { first_name: 'Jane', relationship: { owner: true }, metadata: { a: '1' } },
};
const place = { account: company.id, person: 'person_1' };

test('numbers that identify a person are not kept', () => {
  const params = { account: company.id, first_name: 'Jane', id_number: '000000000', ssn_last_4: '0000' };
  const made = createPerson.decide(params, { account: company, token: undefined }, testContext());
  if (isRefusal(made)) throw new Error(made.error.message);
  expect(JSON.stringify(made.result)).not.toContain('0000"');
  const wire = personView.render(made.result, env) as Record<string, unknown>;
  expect(validateObject(wire)).toEqual([]);
  expect(wire).toMatchObject({ account: company.id, id_number_provided: true, ssn_last_4_provided: true });
  expect(made.emit).toMatchObject([{ type: 'person.created', account: company.id }]);
});

test('what changes is merged, and a hash inside it, too', () => {
  const params = { ...place, last_name: 'Diaz', relationship: { director: true }, metadata: { b: '2' } };
  expect(updatePerson.decide(params, { account: company, person, token: undefined }, testContext())).toMatchObject({
    result: {
      details: {
        first_name: 'Jane',
        last_name: 'Diaz',
        relationship: { owner: true, director: true },
        metadata: { a: '1', b: '2' },
      },
    },
  });
});

test('the individual that an account is, changes with it', () => {
  const params = { account: company.id, person: 'person_9', first_name: 'Jenny' };
  expect(
    updatePerson.decide(params, { account: individual, person: undefined, token: undefined }, testContext()),
  ).toMatchObject({
    put: [{ id: company.id, individual: { id: 'person_9', first_name: 'Jenny' } }],
    emit: [
      { type: 'person.updated', account: company.id, object: { rendered: { id: 'person_9', first_name: 'Jenny' } } },
      { type: 'account.updated' },
    ],
  });
});

test('deleting tells who it was', () => {
  const gone = deletePerson.decide(place, { account: company, person }, testContext());
  if (isRefusal(gone)) throw new Error(gone.error.message);
  expect(personView.render(gone.result, env)).toEqual({ id: 'person_1', object: 'person', deleted: true });
  expect(gone.emit).toMatchObject([{ type: 'person.deleted', object: { rendered: { first_name: 'Jane' } } }]);
});

describe('refused', () => {
  const onboarded: AccountObject = { ...individual, controller: controllerPresets.express, details_submitted: true };
  const states: readonly [string, AccountObject | undefined, PersonObject | undefined][] = [
    ['account_access', undefined, undefined],
    ['account_access', { ...onboarded, account: testAccount(9) }, undefined],
    ['account_identity_not_editable', onboarded, undefined],
  ];
  test.each(states)('%s', (name, account, found) => {
    expect(createPerson.decide(place, { account, token: undefined }, testContext())).toMatchObject({ name });
    expect(updatePerson.decide(place, { account, person: found, token: undefined }, testContext())).toMatchObject({
      name,
    });
    expect(deletePerson.decide(place, { account, person: found }, testContext())).toMatchObject({
      name,
    });
  });

  test('a second person of an individual, and to lose the only one', () => {
    expect(createPerson.decide(place, { account: individual, token: undefined }, testContext())).toMatchObject({
      name: 'person_of_individual',
    });
    const params = { account: company.id, person: 'person_9' };
    expect(deletePerson.decide(params, { account: individual, person: undefined }, testContext())).toMatchObject({
      name: 'person_of_individual',
    });
  });

  test.each([
    ['unknown', undefined],
    ["another account's", { ...person, account: testAccount(2) }],
    ['deleted', { ...person, deleted: true as const }],
  ])('a person that is %s', (_, found) => {
    for (const verb of [updatePerson, deletePerson]) {
      expect(verb.decide(place, { account: company, person: found, token: undefined }, testContext())).toMatchObject({
        status: 404,
        error: { message: "No such person: 'person_1'", param: 'person' },
      });
    }
  });
});

test('roles that a list asks for', () => {
  expect(hasRoles(person.details, { owner: true })).toBe(true);
  expect(hasRoles(person.details, { owner: true, director: true })).toBe(false);
  expect(hasRoles(person.details, { director: false })).toBe(true);
  expect(hasRoles({}, {})).toBe(true);
});
