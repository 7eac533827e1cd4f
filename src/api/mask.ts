import { bookOf } from '../kernel/id.ts';

/** Keys and secrets by how they begin; what makes them secret follows. */
const keys = /\b((?:[sr]k_(?:test|live)|whsec)_)[0-9A-Za-z]{6,}/g;

/** As long as numbers of cards are, and nothing beside it that ids are made of. */
const numbers = /(?<![0-9A-Za-z])\d{13,19}(?![0-9A-Za-z])/g;

/** A text that may hold a key where another thing belongs, as messages may have it. */
export const withoutKeys = (text: string): string => (text.includes('_') ? text.replace(keys, '$1***') : text);

/** Ids may be nothing but digits as well; by the two that check the others, no number of a card is taken for one. */
const isOurs = (digits: string, before: string): boolean => before.endsWith('_') && bookOf(`_${digits}`) !== null;

/** As the log and the journal may have it: without what could be the number of a card either. */
export const withoutSecrets = (text: string): string =>
  withoutKeys(text).replace(numbers, (digits, at: number, whole: string) =>
    isOurs(digits, whole.slice(Math.max(0, at - 1), at)) ? digits : '***',
  );
