import { createHmac } from 'node:crypto';
import type { UnixSeconds } from '../kernel/time.ts';

/**
 * The Stripe-Signature of a body: `t=1772445600,v1=5257a8…`.
 *
 * @param secrets the whole secrets, with whsec_; while one is being replaced there are two
 * @param time    of this attempt: receivers refuse what is older than five minutes, so every try signs anew
 */
export function signatureOf(secrets: readonly string[], time: UnixSeconds, body: string): string {
  const schemes = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex')}`,
  );
  return [`t=${time}`, ...schemes].join();
}
