import { lettersOf } from '../kernel/letters.ts';
import type { Endpoint } from './endpoint.ts';

/** 32 bytes that follow from the encryption key and the label. */
export type Keyed = (label: string) => Buffer;

/**
 * The whsec_ that an endpoint's deliveries are signed with. It is calculated whenever it is needed, so that whoever reads
 * the database cannot sign. Endpoints of older versions have theirs stored, and keep it.
 */
export const signingSecretOf = ({ id, secret }: Pick<Endpoint, 'id' | 'secret'>, keyed: Keyed): string =>
  secret ?? `whsec_${lettersOf(keyed(`webhook ${id}`))}`;
