/**
 * What is in files. It stands beside the journal and not in it: the journal tells of a file its size, its SHA-256 and the name
 * of its contents here, which are written before the file is, so that no file is ever without.
 *
 * Contents come in parts, numbered from 0, so that large ones need not be held whole.
 */
export interface ContentStore {
  /** Keeps a part. One that is there already stays as it is, so writing the same again changes nothing. */
  putPart(book: number, content: string, part: number, bytes: Uint8Array): Promise<void>;
  /** Null past the last part. */
  part(book: number, content: string, part: number): Promise<Uint8Array | null>;
  /** Forgets contents that no file has. */
  dropContent(book: number, content: string): Promise<void>;
}
