import { randomFillSync } from 'node:crypto';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const length = 14;
// Drawn in bulk: asking the kernel for 14 bytes each time would cost more than all else here.
const pool = Buffer.allocUnsafe(length * 512);
let used = pool.length;

/** A fresh `req_…` id. 62 does not divide 256, so the first letters come a little more often: that harms nobody. */
export function requestId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    for (let i = 0; i < pool.length; i++) pool[i] = letters.charCodeAt((pool[i] as number) % letters.length);
    used = 0;
  }
  used += length;
  return `req_${pool.toString('latin1', used - length, used)}`;
}
