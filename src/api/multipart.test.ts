import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refused } from './errors.ts';
import { canonical } from './form.ts';
import { boundaryOf, decodeMultipart } from './multipart.ts';
import { Upload } from './upload.ts';

const lines = (...parts: string[]): Buffer => Buffer.from(parts.join('\r\n'));

describe('the boundary', () => {
  test.each([
    ['multipart/form-data; boundary=abc', 'abc'],
    ['Multipart/Form-Data; charset=utf-8; boundary="a b;c"', 'a b;c'],
    ['application/x-www-form-urlencoded', null],
    ['multipart/mixed; boundary=abc', null],
    [undefined, null],
  ])('of %s', (type, boundary) => {
    expect(boundaryOf(type)).toBe(boundary);
  });

  test('must be there', () => {
    expect(() => boundaryOf('multipart/form-data')).toThrow(Refused);
  });
});

describe('a body', () => {
  test('has fields and files; names are read as in a form', () => {
    const values = decodeMultipart(
      lines(
        '--b',
        'Content-Disposition: form-data; name="purpose"',
        '',
        'dispute_evidence',
        '--b',
        'Content-Disposition: form-data; name="file_link_data[create]"',
        '',
        'true',
        '--b',
        'content-disposition: form-data; filename="C:\\\\home\\\\a%22b.txt"; name="file"',
        'Content-Type: text/plain',
        '',
        'one\r\ntwo',
        '--b--',
        '',
      ),
      'b',
    );
    expect(values).toMatchObject({ purpose: 'dispute_evidence', file_link_data: { create: 'true' } });
    const file = values.file as Upload;
    expect(file).toBeInstanceOf(Upload);
    expect(file.filename).toBe('a"b.txt');
    expect(file.bytes.toString()).toBe('one\r\ntwo');
    // As a parameter it is told apart by what is in it.
    expect(canonical(values)).toContain(file.sha256);
  });

  test('may begin with what nobody reads, and may be empty', () => {
    const values = decodeMultipart(
      lines('preamble', '--b  ', 'Content-Disposition: form-data; name=a', '', '', '--b--'),
      'b',
    );
    expect(values).toMatchObject({ a: '' });
    expect(Object.keys(decodeMultipart(lines('--b--'), 'b'))).toEqual([]);
  });

  test.each([
    ['no delimiter', lines('hello')],
    ['no end', lines('--b', 'Content-Disposition: form-data; name="a"', '', 'x')],
    ['no name', lines('--b', 'Content-Disposition: form-data', '', 'x', '--b--')],
    ['another disposition', lines('--b', 'Content-Disposition: attachment; name="a"', '', 'x', '--b--')],
    ['headers without an end', lines('--b', 'x'.repeat(20_000))],
    ['something behind a delimiter', lines('--bc', 'Content-Disposition: form-data; name="a"', '', 'x', '--bc--')],
    ['nothing', Buffer.alloc(0)],
  ])('that has %s is refused', (_, body) => {
    expect(() => decodeMultipart(body, 'b')).toThrow(Refused);
  });

  test('any bytes come through as they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (one, other) => {
        const part = (name: string) =>
          `\r\n--limit\r\nContent-Disposition: form-data; name="${name}"; filename="f"\r\n\r\n`;
        const body = Buffer.concat([
          Buffer.from(part('a').slice(2)),
          one,
          Buffer.from(part('b')),
          other,
          Buffer.from('\r\n--limit--\r\n'),
        ]);
        const values = decodeMultipart(body, 'limit') as unknown as Record<'a' | 'b', Upload>;
        expect(values.a.bytes.equals(one)).toBe(true);
        expect(values.b.bytes.equals(other)).toBe(true);
      }),
    );
  });
});
