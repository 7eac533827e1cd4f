import { hash } from 'node:crypto';

/** What an idempotency key is found by: 32 hexadecimal digits of its SHA-256. */
export const keyHashOf = (key: string): string => hash('sha256', key, 'hex').slice(0, 32);
