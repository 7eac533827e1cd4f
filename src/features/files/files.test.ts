import { describe, expect, test } from 'vitest';
import { validateObject } from '../../../test/support/schema.ts';
import { Upload } from '../../api/upload.ts';
import type { ViewEnv } from '../../api/view.ts';
import { monday, testContext, testPlatform } from '../../engine/testing.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import type { ContentStore } from '../../store/contents.ts';
import { contentsOf, keepContent, partBytes, typeOf } from './content.ts';
import { createFileWith } from './create.ts';
import { createLink } from './create-link.ts';
import { expireLink } from './expire.ts';
import type { FileLinkObject, FileObject } from './object.ts';
import { refuseUpload } from './rules.ts';
import { updateLink } from './update-link.ts';
import { fileLinkView, fileView } from './view.ts';

const env = { livemode: false, origin: 'https://books.example' } as ViewEnv;
const done = <T>(answer: T | Refusal): T => {
  if (isRefusal(answer)) throw new Error(answer.error.message);
  return answer;
};

class Shelf implements ContentStore {
  readonly parts = new Map<string, Uint8Array>();

  async putPart(book: number, content: string, part: number, bytes: Uint8Array) {
    this.parts.set(`${book} ${content} ${part}`, Uint8Array.from(bytes));
  }
  async part(book: number, content: string, part: number) {
    return this.parts.get(`${book} ${content} ${part}`) ?? null;
  }
  async dropContent() {}
}

describe('what kind of file it is', () => {
  test.each([
    ['%PDF-1.7', 'x.png', 'pdf'],
    ['\x89PNG\r\n\x1a\n', null, 'png'],
    ['\xff\xd8\xff\xe0', null, 'jpg'],
    ['GIF89a', null, 'gif'],
    ['PK\x03\x04', 'x.docx', 'docx'],
    ['PK\x03\x04', 'x.jar', 'zip'],
    ['a,b\n', 'x.CSV', 'csv'],
    ['a\0b', 'x.csv', undefined],
    ['MZ', 'x.exe', undefined],
    ['text', null, undefined],
  ])('%j as %s: %s', (bytes, filename, type) => {
    expect(typeOf(Buffer.from(bytes, 'latin1'), filename)).toBe(type);
  });
});

describe('a file', () => {
  const sent = new Upload(Buffer.from('%PDF-1.7'), 'a.pdf');
  const make = createFileWith(100);
  const params = { file: sent, purpose: 'dispute_evidence' } as const;

  test('is made without news', () => {
    const { result, put, emit } = done(make.decide(params, null, testContext()));
    expect(put).toEqual([result]);
    expect(emit).toBeUndefined();
    const wire = fileView.render(result, env);
    expect(validateObject(wire)).toEqual([]);
    expect(wire).toMatchObject({
      filename: 'a.pdf',
      size: 8,
      type: 'pdf',
      url: `https://books.example/v1/files/${result.id}/contents`,
    });
  });

  test('may bring a link along', () => {
    const asked = { ...params, file_link_data: { create: true, expires_at: monday + 1 } };
    const { put, schedule } = done(make.decide(asked, null, testContext()));
    const link = put?.[1] as FileLinkObject;
    expect(schedule).toMatchObject([{ at: monday + 1, subject: link.id }]);
    expect(validateObject(fileLinkView.render(link, env))).toEqual([]);
  });

  test.each([
    [{ ...params, file: new Upload(Buffer.alloc(0), null) }, 'file'],
    [{ ...params, file: new Upload(Buffer.alloc(101), null) }, 'file'],
    [{ ...params, purpose: 'identity_document', file_link_data: { create: true } }, 'file'],
    [{ ...params, file_link_data: { create: true, expires_at: monday } }, 'file_link_data[expires_at]'],
  ] as const)('is refused %#', (asked, param) => {
    expect(make.decide(asked, null, testContext())).toMatchObject({ name: 'invalid_value', error: { param } });
  });

  test('for evidence may have five mebibytes, however much others may', () => {
    const file = new Upload(Buffer.alloc(5 * 1024 * 1024 + 1), null);
    expect(refuseUpload({ file, purpose: 'dispute_evidence' }, 2 ** 30)).not.toBeNull();
    expect(refuseUpload({ file, purpose: 'pci_document' }, 2 ** 30)).toBeNull();
  });

  test('is kept in parts, and read again', async () => {
    const shelf = new Shelf();
    const bytes = Buffer.alloc(2 * partBytes + 5, 'abc');
    const upload = new Upload(bytes, 'b.txt');
    const { result } = done(createFileWith(2 ** 30).decide({ ...params, file: upload }, null, testContext()));
    await keepContent(shelf, testContext().book, upload);
    expect(shelf.parts.size).toBe(3);
    const read: Uint8Array[] = [];
    for await (const part of contentsOf(shelf, result).parts) read.push(part);
    expect(Buffer.concat(read).equals(bytes)).toBe(true);
    shelf.parts.clear();
    await expect(contentsOf(shelf, result).parts[Symbol.asyncIterator]().next()).rejects.toThrow('has its contents');
  });
});

describe('a link', () => {
  const file: FileObject = {
    id: 'file_1',
    account: testPlatform,
    created: monday,
    purpose: 'pci_document',
    size: 1,
    content: 'c',
    sha256: 's',
  };
  const made = done(createLink.decide({ file: file.id, expires_at: monday + 5 }, { file }, testContext())).result;

  test.each([
    ['no_such', { file: 'file_1' }, undefined],
    ['invalid_value', { file: 'file_1' }, { ...file, purpose: 'identity_document' as const }],
    ['invalid_value', { file: 'file_1', expires_at: monday }, file],
  ])('is refused: %s', (name, params, found) => {
    expect(createLink.decide(params, { file: found }, testContext())).toMatchObject({ name });
  });

  test('ends at its time, unless it was put off', () => {
    const due = { at: monday + 5, order: 3, job: 'file_links.expire', subject: made.id };
    expect(done(expireLink.decide(due, { link: made }, testContext())).put).toEqual([{ ...made, expired: true }]);
    expect(expireLink.decide(due, { link: { ...made, expires_at: monday + 9 } }, testContext())).toEqual({
      result: null,
    });
    const later = done(updateLink.decide({ link: made.id, expires_at: monday + 9 }, { link: made }, testContext()));
    expect(later.unschedule).toMatchObject([{ at: monday + 5 }]);
    expect(later.schedule).toMatchObject([{ at: monday + 9 }]);
  });

  test('ends at once, and for good', () => {
    const { result } = done(updateLink.decide({ link: made.id, expires_at: 'now' }, { link: made }, testContext()));
    expect(result).toMatchObject({ expired: true, expires_at: monday });
    const again = updateLink.decide({ link: made.id, expires_at: null }, { link: result }, testContext());
    expect(again).toMatchObject({ name: 'invalid_value' });
    const labelled = updateLink.decide({ link: made.id, metadata: { a: '1' } }, { link: result }, testContext());
    expect(done(labelled).result).toMatchObject({ expired: true, metadata: { a: '1' } });
  });
});
