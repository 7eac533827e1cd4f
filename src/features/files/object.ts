import type { FilePurpose } from '../../data/file-purposes.ts';
import { steps } from '../../kernel/day.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { UnixSeconds } from '../../kernel/time.ts';

/** A file: what is in it stands apart, under `content`. */
export interface FileObject extends StoredObject {
  readonly id: Id<'file'>;
  readonly purpose: FilePurpose;
  readonly filename?: string;
  readonly title?: string;
  /** `pdf`, `csv` …; absent when it is not known. */
  readonly type?: string;
  /** Bytes. */
  readonly size: number;
  readonly expires_at?: UnixSeconds;
  /** The name of its contents, and what their SHA-256 must be. */
  readonly content: string;
  readonly sha256: string;
}

export const files = kind<FileObject>({
  no: 50,
  object: 'file',
  prefixes: ['file'],
  noun: 'file upload',
  refs: [],
  contents: ({ content, size, sha256 }) => ({ content, size, sha256 }),
});

/** An address at which a file can be had without a key. */
export interface FileLinkObject extends StoredObject {
  readonly id: Id<'link'>;
  readonly file: Id<'file'>;
  readonly expired: boolean;
  readonly expires_at?: UnixSeconds;
  readonly metadata?: Readonly<Record<string, string>>;
  /** What makes its address one that nobody guesses. */
  readonly secret: string;
}

export const fileLinks = kind<FileLinkObject>({
  no: 51,
  object: 'file_link',
  prefixes: ['link'],
  noun: 'file link',
  refs: ['file'],
});

export const linkExpiresJob = 'file_links.expire';

/** When a link that ends, ends. */
export const expiring = ({ id, expires_at }: FileLinkObject) =>
  expires_at === undefined ? [] : [{ at: expires_at, order: steps.holds, job: linkExpiresJob, subject: id }];
