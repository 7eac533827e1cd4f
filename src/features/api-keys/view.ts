import type { Wire } from '../../api/view.ts';
import type { NewKey, StoredKey } from '../../store/reader.ts';
import { keyIdOf } from './keys.ts';

/** A key as it is listed: enough to recognise it by, and not enough to use it. */
export function keyWire(key: StoredKey, livemode: boolean): Wire {
  return {
    id: keyIdOf(key),
    object: 'api_key',
    accounts: key.grants?.accounts ?? null,
    created: key.created,
    expires_at: key.ends,
    last4: key.last4,
    last_used: key.lastUsed,
    livemode,
    name: key.name,
    permissions: key.grants?.permissions ?? null,
    prefix: key.prefix,
    type: key.kind,
  };
}

/** The answer to who made it: the only place where the key itself is seen. */
export function madeKeyWire(key: NewKey, secret: string, livemode: boolean): Wire {
  const { id, object, ...rest } = keyWire({ ...key, ends: null, lastUsed: null }, livemode);
  return { id, object, ...rest, secret };
}
