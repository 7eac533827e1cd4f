/** A promise of ours that did not hold: our bug, never the caller's mistake. Nothing is committed and the answer is a 500. */
export class Fault extends Error {
  override readonly name = 'Fault';
}

/**
 * Checks what we promise ourselves. What users may not do is a refusal (refusal.ts), never an assert.
 *
 * @param promise  what must hold, in words; becomes the log line
 * @throws Fault
 */
export function assert(condition: unknown, promise: string): asserts condition {
  if (!condition) throw new Fault(promise);
}
