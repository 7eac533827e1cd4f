import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encryptionKeyIn } from './encryption-key.ts';

let home: string;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'ek-key-'));
});
afterEach(() => fs.rmSync(home, { recursive: true }));

test('the key is made once, and read by its owner alone', () => {
  const first = encryptionKeyIn(home, () => randomBytes(32));
  expect(encryptionKeyIn(home, () => randomBytes(32))).toEqual(first);
  const file = path.join(home, 'encryption.key');
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  expect(fs.readdirSync(home)).toEqual(['encryption.key']);
});

test('what is no key is not used as one', () => {
  fs.writeFileSync(path.join(home, 'encryption.key'), 'hello\n');
  expect(() => encryptionKeyIn(home, () => randomBytes(32))).toThrow('holds no encryption key');
});
