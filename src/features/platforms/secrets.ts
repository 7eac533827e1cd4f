import { createHash, createHmac, randomBytes } from 'node:crypto';

/** Where secrets come from that are shown once and stored nowhere, or stored once and shown nowhere. */
export interface Secrets {
  /** 32 bytes that nobody can guess. In deterministic mode the same `label` gives the same ones. */
  draw(label: string): Buffer;
  /**
   * 32 bytes that whoever has the operator's key could calculate anew, and nobody else, so that a repeated request can be
   * given the same secret although it is stored nowhere; null where there is no operator's key.
   */
  derive(label: string): Buffer | null;
  /** 32 bytes that follow from the encryption key, which no database has: the same for the same `label`. */
  keyed(label: string): Buffer;
}

/** @param encryptionKey 32 bytes; without it they are drawn, for what lives no longer than the program */
export function secretsOf({
  adminKey,
  deterministicSeed,
  encryptionKey,
}: {
  readonly adminKey: string | null;
  readonly deterministicSeed: number | null;
  readonly encryptionKey?: Buffer;
}): Secrets {
  const draw = (label: string): Buffer =>
    deterministicSeed === null
      ? randomBytes(32)
      : createHash('sha256').update(`evenkeel ${deterministicSeed} ${label}`).digest();
  const key = encryptionKey ?? draw('encryption key');
  return {
    draw,
    derive: (label) => (adminKey === null ? null : createHmac('sha256', adminKey).update(label).digest()),
    keyed: (label) => createHmac('sha256', key).update(label).digest(),
  };
}
