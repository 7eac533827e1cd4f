import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedError } from './error.ts';

/** The encryption key beside an embedded database, which only its owner may read: made at the first start. */
export function encryptionKeyIn(home: string, draw: () => Buffer): Buffer {
  const file = path.join(home, 'encryption.key');
  if (!fs.existsSync(file)) {
    // Whole or not at all, whatever comes in between.
    const fresh = `${file}.new`;
    fs.rmSync(fresh, { force: true });
    fs.writeFileSync(fresh, `${draw().toString('hex')}\n`, { mode: 0o600, flush: true });
    fs.renameSync(fresh, file);
  }
  const text = fs.readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new EmbeddedError(`${file} holds no encryption key`);
  return Buffer.from(text, 'hex');
}
