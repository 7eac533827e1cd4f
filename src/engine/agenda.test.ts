import { expect, test } from 'vitest';
import { Agenda } from './agenda.ts';
import type { Due } from './command.ts';

const at = (moment: number): Due => ({ at: moment, order: 8, job: 'invoices.advance', subject: 'in_1' });

test('work that is moved and moved back is to be done at its first moment, and not at the other', () => {
  const agenda = new Agenda();
  agenda.remove(at(1));
  agenda.add(at(2));
  agenda.remove(at(2));
  agenda.add(at(1));
  expect(agenda.added).toEqual([at(1)]);
  expect(agenda.removed).toEqual([at(2)]);
});

test('work that is scheduled twice is there once, and rows that differ in one thing are two', () => {
  const agenda = new Agenda();
  agenda.add(at(1));
  agenda.add({ ...at(1) });
  agenda.add({ ...at(1), subject: 'in_2' });
  expect(agenda.added).toEqual([at(1), { ...at(1), subject: 'in_2' }]);
  expect(agenda.removed).toEqual([]);
});
