import { assert } from '../../kernel/assert.ts';
import { bookOf } from '../../kernel/id.ts';
import type { ContentStore } from '../../store/contents.ts';
import type { FileObject } from './object.ts';

/** A part of a file is read and sent as one piece. */
export const partBytes = 512 * 1024;

const starts: readonly (readonly [string, string])[] = [
  ['%PDF', 'pdf'],
  ['\x89PNG\r\n\x1a\n', 'png'],
  ['\xff\xd8\xff', 'jpg'],
  ['GIF8', 'gif'],
];
const packed: readonly string[] = ['docx', 'xlsx'];
const plain: readonly string[] = ['csv', 'txt', 'json', 'xml'];

/**
 * What kind of file it is. Its first bytes decide; only among those that begin alike, and texts, its name does.
 *
 * @returns undefined when neither says so
 */
export function typeOf(bytes: Buffer, filename: string | null): string | undefined {
  const head = bytes.toString('latin1', 0, 8);
  const known = starts.find(([start]) => head.startsWith(start));
  if (known) return known[1];
  const extension = /\.([a-z0-9]+)$/i.exec(filename ?? '')?.[1]?.toLowerCase() ?? '';
  if (head.startsWith('PK')) return packed.includes(extension) ? extension : 'zip';
  return plain.includes(extension) && !bytes.subarray(0, 1024).includes(0) ? extension : undefined;
}

const mimeTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  gif: 'image/gif',
  jpg: 'image/jpeg',
  json: 'application/json',
  pdf: 'application/pdf',
  png: 'image/png',
  txt: 'text/plain; charset=utf-8',
};

export const mimeTypeOf = ({ type }: Pick<FileObject, 'type'>): string =>
  mimeTypes[type ?? ''] ?? 'application/octet-stream';

/** Keeps what is in a file under its SHA-256, so that the same bytes are kept once however often they are sent. */
export async function keepContent(
  store: ContentStore,
  book: number,
  { bytes, sha256 }: { readonly bytes: Buffer; readonly sha256: string },
): Promise<void> {
  for (let part = 0; part * partBytes < bytes.length; part++) {
    await store.putPart(book, sha256, part, bytes.subarray(part * partBytes, (part + 1) * partBytes));
  }
}

/** What is in a file, part by part. */
async function* partsOf(store: ContentStore, file: FileObject): AsyncIterable<Uint8Array> {
  const book = bookOf(file.id);
  assert(book !== null, 'a file is in a book');
  for (let part = 0, sent = 0; sent < file.size; part++) {
    const bytes = await store.part(book, file.content, part);
    assert(bytes !== null, 'a file has its contents');
    sent += bytes.length;
    yield bytes;
  }
}

/** A file as it is downloaded. */
export const contentsOf = (store: ContentStore, file: FileObject) => ({
  type: mimeTypeOf(file),
  filename: file.filename ?? null,
  size: file.size,
  parts: partsOf(store, file),
});
