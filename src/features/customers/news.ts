import type { EventDraft } from '../../engine/command.ts';
import type { SourceObject } from './source.ts';
import { sourceWire } from './source-wire.ts';

/** A saved card is stored as a payment method; this event shows it as a card. */
export const sourceNews = (what: 'created' | 'updated' | 'deleted' | 'expiring', source: SourceObject): EventDraft => ({
  type: `customer.source.${what}`,
  account: source.account,
  object: { rendered: sourceWire(source) },
});
