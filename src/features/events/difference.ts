type Hash = Readonly<Record<string, unknown>>;

const isHash = (value: unknown): value is Hash => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether two values of JSON say the same. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  }
  if (!isHash(one) || !isHash(other)) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => isSame(one[name], other[name]));
}

/**
 * What an object said before, where it says something else now: changed keys with their old values, of nested hashes only
 * the keys that changed, lists whole. A key that was not there was null.
 */
export function previousAttributes(before: Hash, after: Hash): Record<string, unknown> {
  const previous: Record<string, unknown> = {};
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  for (const name of names) {
    const was = before[name];
    const is = after[name];
    if (isSame(was, is)) continue;
    previous[name] = isHash(was) && isHash(is) ? previousAttributes(was, is) : (was ?? null);
  }
  return previous;
}
