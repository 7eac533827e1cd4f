/**
 * What everything looks like on the wire, one file a form. `npm run golden` writes them anew: a changed answer is a diff in
 * review. Event types of which no tale tells stand in uncovered-events.txt, a list that may only shrink.
 */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type EventType, eventTypes, MAIL_ONLY } from '../src/data/event-types.ts';
import { monday } from '../src/engine/testing.ts';
import { prefixOf } from '../src/kernel/id.ts';
import type { StoredObject } from '../src/kernel/kind.ts';
import { made } from './golden/made.ts';
import { Tale, views } from './golden/tale.ts';
import { tales } from './golden/tales.ts';
import { component } from './support/openapi.ts';
import { projectRoot } from './support/paths.ts';
import { validateObject } from './support/schema.ts';

type Hash = Readonly<Record<string, unknown>>;

/** Name of a form → the first that there is of it. The name is the file's, without its ending. */
const forms = new Map<string, Hash>();
/** A bank account and a card are of one kind, a payment that arrived from another account is a charge of its own form. */
function nameOf({ id }: StoredObject, { object, deleted }: Hash, platform: string): string {
  if (deleted === true) return `deleted_${object}`;
  if (id === platform) return 'account.platform';
  if (id.startsWith('py_')) return 'charge.payment';
  return prefixOf(id) === 'adj' ? 'adjustment' : String(object);
}

const keep = (name: string, wire: Hash): void => {
  if (!forms.has(name)) forms.set(name, wire);
};

for (const tell of Object.values(tales)) {
  const tale = new Tale(monday);
  await tale.open();
  await tell(tale);
  for (const object of tale.objects()) {
    const wire = tale.render(object);
    if (wire === null) continue;
    keep(nameOf(object, wire, tale.platform), wire);
  }
  for (const wire of tale.rows()) keep(`balance_transactions/${wire.type}`, wire);
  for (const { type, wire } of tale.events()) if (!MAIL_ONLY.has(type)) keep(`events/${type}`, wire);
  for (const [name, wire] of made(tale)) keep(name, wire);
}

const folder = path.join(projectRoot, 'test', 'golden');
const listed = fs
  .readFileSync(path.join(projectRoot, 'test', 'uncovered-events.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

/** Ours, which Stripe's description does not know. */
const own: ReadonlySet<string> = new Set([
  'authorization_code',
  'billing_settings',
  'consent',
  'fx_rates',
  'notification_settings',
  'payout_settings',
]);

/** Where keys do not stand as everywhere: id, object, then by name. Free keys stand as they were sent. */
function disorder(value: unknown, at: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => disorder(item, `${at}/${index}`));
  if (typeof value !== 'object' || value === null || at.endsWith('/metadata')) return [];
  const keys = Object.keys(value);
  const rest = keys.filter((key) => key !== 'id' && key !== 'object');
  const right = [...['id', 'object'].filter((key) => keys.includes(key)), ...rest.sort()];
  return [
    ...(keys.join() === right.join() ? [] : [at]),
    ...Object.entries(value).flatMap(([key, inner]) => disorder(inner, `${at}/${key}`)),
  ];
}

describe.each([...forms].sort(([a], [b]) => (a < b ? -1 : 1)))('%s', (name, wire) => {
  test('is as it was', async () => {
    await expect(`${JSON.stringify(wire, null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.json`);
  });

  test('is as it is described', () => {
    const object = String(wire.object);
    expect(own.has(object)).toBe(component(object) === undefined && component(`deleted_${object}`) === undefined);
    if (!own.has(object)) expect(validateObject(wire)).toEqual([]);
  });

  test('has its keys in order', () => {
    expect(disorder(wire, '')).toEqual([]);
  });
});

test('everything that can be shown is among them', () => {
  expect(views.map(({ kind }) => kind.object).filter((name) => !forms.has(name))).toEqual([]);
});

describe('events', () => {
  const isTold = (type: EventType): boolean => forms.has(`events/${type}`);
  const types = (Object.keys(eventTypes) as EventType[]).filter((type) => !MAIL_ONLY.has(type));
  const untold = types.filter((type) => !isTold(type)).sort();

  test('of every type are told, but of those in uncovered-events.txt', () => {
    expect(untold).toEqual(listed);
  });

  test('tell of what their type says', () => {
    const isRight = (type: EventType): boolean => {
      const { object } = ((forms.get(`events/${type}`) as Hash).data as Hash).object as Hash;
      const { object: says } = eventTypes[type];
      return says === 'external_account' ? object === 'card' || object === 'bank_account' : object === says;
    };
    const told = types.filter(isTold);
    expect(told.filter((type) => !isRight(type))).toEqual([]);
  });
});

test('there is no file of what is not shown any more', () => {
  const files = fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length).replaceAll(path.sep, '/'));
  expect(files.filter((name) => !forms.has(name))).toEqual([]);
});
