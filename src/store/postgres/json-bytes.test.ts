import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonBytes, Names } from './json-bytes.ts';

/** Read as one text among others, as it comes. */
function read(text: string, json = new JsonBytes()): JsonBytes {
  const bytes = Buffer.from(`"before${text}after"`);
  json.read(bytes, 7, bytes.length - 6);
  return json;
}

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
const isRead = (text: string): boolean => {
  try {
    read(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
};

/** All that the marks say, as objects after all. */
function objectsOf(json: JsonBytes, value: number, bytes: string): unknown {
  if (json.isString(value)) return json.value(value);
  if (bytes.startsWith('[')) {
    const elements: unknown[] = [];
    for (let each = json.first(value); each < json.end(value); each = json.next(each)) elements.push(json.value(each));
    return elements;
  }
  return json.value(value);
}

test('what JSON.stringify writes is read, value by value', () => {
  const json = new JsonBytes();
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(objectsOf(read(text, json), 0, text)).toEqual(JSON.parse(text));
    }),
    { numRuns: 500 },
  );
});

test('fields are found by their names, as JSON.parse finds them', () => {
  const names = new Names('id', 'account', 'amount', 'é', '');
  const name = fc.constantFrom('id', 'account', 'amount', 'é', '', 'idx', 'amounts', '"', '\\');
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.jsonValue())), (fields) => {
      // A name may come twice: the last counts.
      const text = `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`;
      const json = read(text);
      const parsed = JSON.parse(text) as Record<string, unknown>;
      const found = [...json.fields(0, names)];
      for (const [i, each] of ['id', 'account', 'amount', 'é', ''].entries()) {
        const at = found[i] as number;
        expect(at < 0 ? undefined : json.value(at)).toEqual(parsed[each]);
      }
    }),
    { numRuns: 500 },
  );
});

test('a name that is spelled with escapes is the same name', () => {
  const json = read('{"id":1,"\\u0069d":2}');
  expect(json.number(json.fields(0, new Names('id'))[0] as number)).toBe(2);
});

test('what is no JSON is refused, whatever was changed in it', () => {
  const change = fc.tuple(
    fc.nat(),
    fc.constantFrom('', '"', '\\', ',', ':', '{', '}', '[', ']', '0', '-', '.', 'e', 't', '\u0001', 'é'),
  );
  fc.assert(
    fc.property(fc.jsonValue(), change, (value, [at, by]) => {
      const text = JSON.stringify(value);
      const place = at % (text.length + 1);
      const changed = text.slice(0, place) + by + text.slice(place + 1);
      expect(isRead(changed), changed).toBe(parses(changed));
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  '',
  ' 1',
  '1 ',
  '[1, 2]',
  '01',
  '-',
  '1.',
  '.5',
  '1e',
  '+1',
  'nul',
  'nulll',
  '"',
  '"\\x"',
  '"\\u12g4"',
  '[1,]',
  '{"a":1,}',
  '{1:2}',
  '[',
  '{"a"',
  '[}',
  ']',
  '1 2',
  '"a\n"',
])('%j is none that is written', (text) => {
  expect(isRead(text)).toBe(false);
});

test('numbers are what JSON.parse makes of them', () => {
  const json = new JsonBytes();
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true })), (value) => {
      expect(read(JSON.stringify(value), json).number(0)).toBe(value === 0 ? 0 : value);
    }),
  );
  for (const text of ['"5"', 'null', 'true', '[]', '{}']) expect(read(text).number(0), text).toBeNaN();
  expect(json.number(-1)).toBeNaN();
});
