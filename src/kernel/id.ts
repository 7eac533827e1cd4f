/** An id that carries its kind: `Id<'acct'>` accepts 'acct_seller' and rejects 'ch_1' and any plain string. */
export type Id<Prefix extends string> = `${Prefix}_${string}`;

/**
 * Where in its book a thing was born: the operation's number in the journal, and its place within that operation.
 * An id is this and the book's number, spelled out; so an id is unique over all books, sorts by time within its book
 * (indexes grow at their right edge), is the same whenever the same journal is replayed, and no table stores it twice.
 */
export interface Birth {
  readonly seq: number;
  readonly pos: number;
}

// In ASCII order, so that ids compare as text in the order they were born in.
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const bookWidth = 4;
const seqWidth = 7;
const posWidth = 3;
const checkWidth = 2;
const width = bookWidth + seqWidth + posWidth + checkWidth;

const digitValue = new Int8Array(256).fill(-1);
for (let i = 0; i < digits.length; i++) digitValue[digits.charCodeAt(i)] = i;

function spell(value: number, size: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < size; i++) {
    text = digits[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  if (rest !== 0) throw new RangeError(`${value} does not fit ${size} digits`);
  return text;
}

function read(codes: Uint8Array, from: number, size: number): number {
  let value = 0;
  for (let i = from; i < from + size; i++) {
    const digit = digitValue[codes[i] as number] ?? -1;
    if (digit < 0) return -1;
    value = value * 62 + digit;
  }
  return value;
}

const ending = new Uint8Array(width);

/** What follows the underscore in an id, as bytes, until the next call; null when it is not as long as in all ids. */
function endingOf(id: string): Uint8Array | null {
  const at = id.lastIndexOf('_') + 1;
  if (at === 0 || id.length - at !== width) return null;
  for (let i = 0; i < width; i++) {
    const code = id.charCodeAt(at + i);
    ending[i] = code < 128 ? code : 0;
  }
  return ending;
}

/** Two digits that tell a mistyped id from a real one, so that a wrong id is known as such without a look-up. */
function checkOf(book: number, seq: number, pos: number): number {
  let mixed = (Math.imul(book, 0x9e3779b1) ^ Math.imul(seq >>> 0, 0x85ebca6b) ^ Math.imul(pos, 0xc2b2ae35)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 0;
  return ((mixed ^ (mixed >>> 13)) >>> 0) % 3844;
}

const books = new Map<number, string>();
function spellBook(book: number): string {
  let text = books.get(book);
  if (text === undefined) {
    text = spell(book, bookWidth);
    if (books.size > 10_000) books.clear();
    books.set(book, text);
  }
  return text;
}

/** What follows the underscore in the id of what is born at `birth`: 16 letters and digits. */
export const spellBirth = (book: number, { seq, pos }: Birth): string =>
  spellBook(book) + spell(seq, seqWidth) + spell(pos, posWidth) + spell(checkOf(book, seq, pos), checkWidth);

/** The id of what is born at `birth` in `book`. */
export const mint = <Prefix extends string>(prefix: Prefix, book: number, birth: Birth): Id<Prefix> =>
  `${prefix}_${spellBirth(book, birth)}`;

function readBirth(codes: Uint8Array, at: number, book: number): Birth | null {
  if (read(codes, at, bookWidth) !== book) return null;
  const seq = read(codes, at + bookWidth, seqWidth);
  const pos = read(codes, at + bookWidth + seqWidth, posWidth);
  if (seq < 0 || pos < 0) return null;
  if (read(codes, at + bookWidth + seqWidth + posWidth, checkWidth) !== checkOf(book, seq, pos)) return null;
  return { seq, pos };
}

/** Where the thing of this id was born, or null when the id was never minted in `book`. The prefix is not looked at. */
export function birthOf(id: string, book: number): Birth | null {
  const codes = endingOf(id);
  return codes === null ? null : readBirth(codes, 0, book);
}

const underscore = '_'.charCodeAt(0);

/** The same of an id that is bytes among others. */
export function birthIn(bytes: Uint8Array, from: number, to: number, book: number): Birth | null {
  const at = to - width;
  return at > from && bytes[at - 1] === underscore ? readBirth(bytes, at, book) : null;
}

/** Where the part of an id before the underscore ends, for an id that `birthIn` can read. */
export const endOfPrefix = (to: number): number => to - width - 1;

/** The number of the book that an id was minted in, or null when no book could have. Nothing says that it exists. */
export function bookOf(id: string): number | null {
  const codes = endingOf(id);
  if (codes === null) return null;
  const book = read(codes, 0, bookWidth);
  return readBirth(codes, 0, book) === null ? null : book;
}

/** The part of an id before the underscore: 'ch' of 'ch_1'. */
export const prefixOf = (id: string): string => id.slice(0, Math.max(0, id.lastIndexOf('_')));
