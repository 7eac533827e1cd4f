import { hash } from 'node:crypto';

/** What an idempotency key is found by: 32 hexadecimal digits of its SHA-256. */
export const keyHashOf = (key: string): string => hash('sha256', key, 'hex').slice(0, 32);

/** A key lives for the rest of its day and as many after it. */
export const keyDays = 2;
