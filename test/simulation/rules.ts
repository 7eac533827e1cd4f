const range = (from: number, to: number, without: readonly number[] = []): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((no) => !without.includes(no));

/** Rules by which money is moved or refused; those about texts, reading, news and pages are not the model's. */
const rules = [
  ...range(2, 4),
  ...[10, 12],
  ...range(20, 26),
  ...range(28, 32, [30]),
  ...range(50, 69, [58, 61]),
  ...range(71, 94, [71, 74, 75, 82, 83, 88, 93]),
  ...range(95, 112, [110, 111]),
  ...range(120, 136, [121, 124, 132]),
  ...range(150, 156),
  158,
  ...range(160, 175, [163, 166, 167, 168, 173]),
  ...range(180, 187),
  ...[191, 192],
].map((no) => `R${no}`);
const movements = range(1, 48, [23, 26, 43, 44]).map((no) => `M${no}`);
const refusals = [
  ...[10, 11, 12, 13, 14, 15, 16, 20, 21, 23, 24, 25, 26, 29, 30, 31, 33, 35, 36],
  ...[40, 41, 42, 43, 44, 45, 47, 49, 50, 51, 52, 54, 55, 56, 57, 58, 60],
].map((no) => `X${no}`);

/** Ways of a rule that are easily never gone. */
const ways = ['R192 notice'];

/** What must have gone wrong on the way, or nothing was proved by its doing no harm. */
export const happenings = [
  'a request outlives its process',
  'two processes are asked under one key',
  'a key is used again later',
  'a day is finished by another process',
  'the clock is set back',
] as const;

export type Happening = (typeof happenings)[number];

export const allRules: readonly string[] = [...rules, ...movements, ...refusals, ...ways];

const byNumber = (a: string, b: string): number =>
  a[0] === b[0] ? Number(a.slice(1)) - Number(b.slice(1)) : a < b ? -1 : 1;

export const rulesReached = (reached: ReadonlySet<string>): readonly string[] =>
  [...reached].filter((rule) => /^[RMX]\d+( |$)/.test(rule)).sort(byNumber);

export const rulesMissing = (reached: ReadonlySet<string>): readonly string[] =>
  [...allRules, ...happenings].filter((rule) => !reached.has(rule));
