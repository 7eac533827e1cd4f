import { type Refusal, refuse } from '../../kernel/refusal.ts';

/** In live mode events carry what is nobody else's business, so they go encrypted. */
export const refuseUrl = (url: string, livemode: boolean): Refusal | null =>
  livemode && !/^https:/i.test(url) ? refuse('invalid_url', { param: 'url' }) : null;
