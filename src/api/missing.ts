import type { Kind } from '../kernel/kind.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';

/**
 * That an id names nothing: 404 when it stands in the path, 400 anywhere else.
 *
 * @param noun what the message calls it, where that is not the kind's own
 */
export function noSuch({
  kind,
  id,
  param,
  inPath,
  noun,
}: {
  readonly kind: Pick<Kind, 'object' | 'noun'>;
  readonly id: string;
  readonly param: string;
  readonly inPath: boolean;
  readonly noun?: string;
}): Refusal {
  if (kind.object === 'payment_method') {
    return refuse(inPath ? 'no_such_payment_method_in_path' : 'no_such_payment_method', { id, param });
  }
  return refuse(inPath ? 'no_such_in_path' : 'no_such', { object: noun ?? kind.noun, id, param });
}
