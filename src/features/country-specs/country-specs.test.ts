import { expect, test } from 'vitest';
import { validateObject } from '../../../test/support/schema.ts';
import { countrySpecs, countrySpecWire } from './wire.ts';

test('every country on the wire', () => {
  for (const spec of countrySpecs()) expect(validateObject(spec as Record<string, unknown>)).toEqual([]);
});

test('R28 where transfers reach', () => {
  expect(countrySpecWire('US').supported_transfer_countries).toContain('DE');
  expect(countrySpecWire('BR').supported_transfer_countries).toEqual(['BR']);
});
