import { view } from '../../api/view.ts';
import { prices } from './object.ts';
import { priceWire } from './wire.ts';

export const priceView = view({ kind: prices, expandable: ['product'], render: priceWire });
