import { assert } from './assert.ts';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
// 62 ** 42 < 2 ** 256 < 62 ** 43
const width = 43;

/** 32 bytes, all of them, spelled in 43 letters and digits. */
export function lettersOf(bytes: Buffer): string {
  assert(bytes.length === 32, 'a secret has 256 bits');
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (let i = 0; i < width; i++) {
    text = digits[Number(rest % 62n)] + text;
    rest /= 62n;
  }
  return text;
}
