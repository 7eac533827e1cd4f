/**
 * JSON looked at as the bytes that it is. Making objects of all that a journal says and throwing them away takes twice as long,
 * and most of what is said nobody looks at.
 *
 * Only what JSON.stringify writes is JSON here: without spaces.
 */

const codeOf = (character: string): number => character.charCodeAt(0);
const [quote, backslash, comma, colon] = [codeOf('"'), codeOf('\\'), codeOf(','), codeOf(':')];
const [brace, bracket] = [codeOf('{'), codeOf('[')];
/** From an opening brace or bracket to the closing one in ASCII. */
const closing = 2;
const [minus, plus, point, zero, nine] = [codeOf('-'), codeOf('+'), codeOf('.'), codeOf('0'), codeOf('9')];
const [smallE, bigE, smallU] = [codeOf('e'), codeOf('E'), codeOf('u')];

/** 1 for bytes that stand for themselves in a string. Those outside ASCII are parts of letters. */
const plain = new Uint8Array(256).fill(1, 32);
plain[quote] = 0;
plain[backslash] = 0;
const afterBackslash: ReadonlySet<number | undefined> = new Set(Buffer.from('"\\/bfnrt'));
const words = { true: Buffer.from('true'), false: Buffer.from('false'), null: Buffer.from('null') };

/** As many are a safe integer in any case. */
const digitsMax = 15;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= zero && byte <= nine;

/** Names of fields that are looked for together. */
export class Names {
  readonly found: number[];
  readonly #texts: readonly string[];
  readonly #bytes: readonly Buffer[];
  /** Which names have as many letters. */
  readonly #ofLength: number[][] = [];

  constructor(...names: readonly string[]) {
    this.found = names.map(() => -1);
    this.#texts = names;
    this.#bytes = names.map((name) => Buffer.from(name));
    for (const [i, { length }] of this.#bytes.entries()) {
      while (this.#ofLength.length <= length) this.#ofLength.push([]);
      this.#ofLength[length]?.push(i);
    }
  }

  indexOfText(name: string): number {
    return this.#texts.indexOf(name);
  }

  /** @returns -1 when the bytes are none of the names */
  indexOf(bytes: Buffer, from: number, to: number): number {
    const length = to - from;
    if (length >= this.#ofLength.length) return -1;
    const candidates = this.#ofLength[length] as number[];
    for (let i = 0; i < candidates.length; i++) {
      const name = this.#bytes[candidates[i] as number] as Buffer;
      let same = 0;
      while (same < length && bytes[from + same] === name[same]) same++;
      if (same === length) return candidates[i] as number;
    }
    return -1;
  }
}

/** A text, read value by value and key by key. A value is known by the number of its mark. */
export class JsonBytes {
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  /**
   * Two for each key and value, in their order: where it begins, and where it ends (a string: its last quote). Objects and
   * arrays have one more after all that is in them, where they end; in place of their end stands the number of that.
   */
  #marks = new Int32Array(8192);
  #hasEscapedKeys = false;

  /**
   * Reads a text, whose value is number 0.
   *
   * @throws SyntaxError when it is no JSON
   */
  read(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes;
    this.#end = end;
    this.#hasEscapedKeys = false;
    // No byte begins or ends more than one.
    if (this.#marks.length < 2 * (end - start)) this.#marks = new Int32Array(4 * (end - start));
    const marks = this.#marks;
    let count = 0;
    /** What is being read the inside of. In place of its end there is meanwhile what it is in itself. */
    let open = -1;
    let at = start;
    let byte = bytes[at];
    for (;;) {
      marks[count] = at;
      let isKeyNext = false;
      if (byte === quote) {
        at++;
        while (plain[bytes[at] as number] === 1) at++;
        if (bytes[at] !== quote || at >= end) at = this.#endOfString(at);
        marks[count + 1] = at++;
        count += 2;
      } else if (byte === brace || byte === bracket) {
        marks[count + 1] = open;
        open = count;
        count += 2;
        at++;
        if (bytes[at] !== byte + closing) {
          if (byte === bracket) {
            byte = bytes[at];
            continue;
          }
          isKeyNext = true;
        }
      } else {
        at = isDigit(byte) || byte === minus ? this.#endOfNumber(at) : this.#endOfWord(at);
        marks[count + 1] = at;
        count += 2;
      }
      if (!isKeyNext) {
        // After a value: what it was the last in, and what that was the last in.
        while (open >= 0 && bytes[at] === (bytes[marks[open] as number] as number) + closing) {
          marks[count] = ++at;
          const outer = marks[open + 1] as number;
          marks[open + 1] = count;
          count += 2;
          open = outer;
        }
        if (open < 0) {
          if (at !== end) throw noJson(at);
          return;
        }
        if (bytes[at] !== comma) throw noJson(at);
        at++;
        isKeyNext = bytes[marks[open] as number] === brace;
      }
      if (isKeyNext) {
        if (bytes[at] !== quote) throw noJson(at);
        marks[count] = at++;
        while (plain[bytes[at] as number] === 1) at++;
        if (bytes[at] !== quote) {
          at = this.#endOfString(at);
          this.#hasEscapedKeys = true;
        }
        if (bytes[at + 1] !== colon) throw noJson(at);
        marks[count + 1] = at;
        count += 2;
        at += 2;
      }
      byte = bytes[at];
    }
  }

  /** Where a string ends that has at `from` what does not stand for itself. */
  #endOfString(from: number): number {
    const bytes = this.#bytes;
    let at = from;
    while (at < this.#end) {
      if (bytes[at] === quote) return at;
      if (plain[bytes[at] as number] === 1) at++;
      else if (bytes[at] !== backslash) break;
      else if (afterBackslash.has(bytes[at + 1])) at += 2;
      else if (bytes[at + 1] === smallU && /^[0-9a-fA-F]{4}$/.test(bytes.toString('latin1', at + 2, at + 6))) at += 6;
      else break;
    }
    throw noJson(at);
  }

  #endOfNumber(start: number): number {
    const bytes = this.#bytes;
    let at = bytes[start] === minus ? start + 1 : start;
    at = bytes[at] === zero ? at + 1 : this.#endOfDigits(at);
    if (bytes[at] === point) at = this.#endOfDigits(at + 1);
    if (bytes[at] === smallE || bytes[at] === bigE) {
      at++;
      at = this.#endOfDigits(bytes[at] === plus || bytes[at] === minus ? at + 1 : at);
    }
    return at;
  }

  #endOfDigits(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    while (isDigit(bytes[at])) at++;
    if (at === start) throw noJson(at);
    return at;
  }

  #endOfWord(start: number): number {
    const first = this.#bytes[start];
    const word = first === words.true[0] ? words.true : first === words.false[0] ? words.false : words.null;
    for (let i = 0; i < word.length; i++) if (this.#bytes[start + i] !== word[i]) throw noJson(start);
    return start + word.length;
  }

  /** Where a string or a number begins, and where it ends; of a string, without its quotes. */
  from(value: number): number {
    const at = this.#marks[value] as number;
    return this.#bytes[at] === quote ? at + 1 : at;
  }
  to(value: number): number {
    return this.#marks[value + 1] as number;
  }

  isString(value: number): boolean {
    return value >= 0 && this.#bytes[this.#marks[value] as number] === quote;
  }

  /** Whether the bytes of a string are its letters. */
  isPlain(string: number): boolean {
    const to = this.to(string);
    for (let i = this.from(string); i < to; i++) if (plain[this.#bytes[i] as number] !== 1) return false;
    return true;
  }

  /**
   * The values of these names in an object, in the order of the names, until the same are looked for again: of several values the
   * last, as everywhere; -1 where there is none.
   */
  fields(object: number, names: Names): readonly number[] {
    const end = this.#endOf(object, brace);
    const { found } = names;
    for (let i = 0; i < found.length; i++) found[i] = -1;
    for (let key = object + 2; key < end; key = this.next(key + 2)) {
      const name = this.#hasEscapedKeys
        ? names.indexOfText(this.value(key) as string)
        : names.indexOf(this.#bytes, (this.#marks[key] as number) + 1, this.#marks[key + 1] as number);
      if (name >= 0) found[name] = key + 2;
    }
    return found;
  }

  /** The first value of an array, from which `next` goes on to `end`. */
  first(array: number): number {
    this.#endOf(array, bracket);
    return array + 2;
  }
  end(array: number): number {
    return this.#endOf(array, bracket);
  }
  next(value: number): number {
    const byte = this.#bytes[this.#marks[value] as number];
    return byte === brace || byte === bracket ? (this.#marks[value + 1] as number) + 2 : value + 2;
  }

  #endOf(value: number, opening: number): number {
    const at = this.#marks[value] as number;
    if (this.#bytes[at] !== opening) throw noJson(at);
    return this.#marks[value + 1] as number;
  }

  /** NaN for what is no number. */
  number(value: number): number {
    if (value < 0) return Number.NaN;
    const [from, to] = [this.#marks[value] as number, this.#marks[value + 1] as number];
    const isNegative = this.#bytes[from] === minus;
    if (!isNegative && !isDigit(this.#bytes[from])) return Number.NaN;
    let sum = 0;
    let at = isNegative ? from + 1 : from;
    for (; at < to && isDigit(this.#bytes[at]); at++) sum = sum * 10 + ((this.#bytes[at] as number) - zero);
    // A fraction, an exponent, or more digits than such a sum is exact in.
    if (at < to || to - from > digitsMax) return Number(this.#bytes.toString('latin1', from, to));
    return isNegative ? -sum : sum;
  }

  /** What JSON.parse makes of it. */
  value(value: number): unknown {
    const from = this.#marks[value] as number;
    let to = this.#marks[value + 1] as number;
    const byte = this.#bytes[from];
    if (byte === quote) to++;
    else if (byte === brace || byte === bracket) to = this.#marks[to] as number;
    return JSON.parse(this.#bytes.toString('utf8', from, to));
  }
}

const noJson = (at: number): SyntaxError => new SyntaxError(`no JSON at byte ${at}`);
