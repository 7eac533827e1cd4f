import { type View, view, type Wire } from '../../api/view.ts';
import { externalWire } from '../accounts/external-wire.ts';
import { cardWire } from './card-wire.ts';
import { type TokenObject, tokens } from './object.ts';

function contentOf({ type, card, external }: TokenObject): Wire {
  if (type === 'bank_account') return external ? { bank_account: externalWire(external) } : {};
  return card ? { card: cardWire(card.id, card, external ? { currency: external.currency } : {}) } : {};
}

export const tokenView: View<TokenObject> = view({
  kind: tokens,
  expandable: [],
  render: (token, { livemode }) => ({
    id: token.id,
    object: 'token',
    ...contentOf(token),
    // Who asked is not kept.
    client_ip: null,
    created: token.created,
    livemode,
    type: token.type,
    used: token.used,
  }),
});
