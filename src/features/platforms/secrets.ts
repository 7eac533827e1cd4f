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
}

export const secretsOf = ({
  adminKey,
  deterministicSeed,
}: {
  readonly adminKey: string | null;
  readonly deterministicSeed: number | null;
}): Secrets => ({
  draw: (label) =>
    deterministicSeed === null
      ? randomBytes(32)
      : createHash('sha256').update(`evenkeel ${deterministicSeed} ${label}`).digest(),
  derive: (label) => (adminKey === null ? null : createHmac('sha256', adminKey).update(label).digest()),
});
