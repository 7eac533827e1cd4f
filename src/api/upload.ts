import { hash } from 'node:crypto';

/** A file in a multipart body. */
export class Upload {
  readonly bytes: Buffer;
  /** As it was sent, without the folders before it; null when none was. */
  readonly filename: string | null;
  #sha256: string | null = null;

  constructor(bytes: Buffer, filename: string | null) {
    this.bytes = bytes;
    this.filename = filename;
  }

  /** Hexadecimal digits. */
  get sha256(): string {
    this.#sha256 ??= hash('sha256', this.bytes, 'hex');
    return this.#sha256;
  }

  /** What two requests are compared by, and what a message shows. */
  toJSON(): unknown {
    return { filename: this.filename, size: this.bytes.length, sha256: this.sha256 };
  }
}
