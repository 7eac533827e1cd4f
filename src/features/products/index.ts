import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { products as kind } from './object.ts';
import { productView } from './view.ts';

/** What is sold. */
export const products = feature({ name: 'products', resource: 'product', kinds: [kind], views: [productView], routes });
