import { limits } from '../data/limits.ts';
import { refuse } from '../kernel/refusal.ts';
import { Refused } from './errors.ts';
import { isHash } from './form.ts';
import { type Param, writtenOut } from './param.ts';

export type Metadata = Readonly<Record<string, string>>;

function checkKey(key: string, param: string): void {
  if (key.length > limits.metadataKeyLengthMax) {
    throw new Refused(refuse('metadata_key_too_long', { length: key.length, key, param }));
  }
  if (key.includes('[') || key.includes(']') || key === '' || key.includes('\0')) {
    throw new Refused(refuse('metadata_key_invalid', { key: key.replaceAll('\0', '\\0'), param }));
  }
}

/**
 * Free keys with texts. A value of '' stands for removing that key; null (`metadata=`) for removing all of them.
 * See `mergeMetadata`.
 */
export const metadata = (): Param<Metadata | null> => ({
  required: true,
  supported: true,
  shape: 'any',
  doc: { type: 'metadata', unsettable: true },
  parse(value, name) {
    if (value === '' || value === null) return null;
    if (!isHash(value)) throw new Refused(refuse('invalid_object', { param: name }));
    const entries: [string, string][] = [];
    for (const key in value) {
      const param = `${name}[${key}]`;
      checkKey(key, param);
      const sent = value[key];
      if (typeof sent === 'object' && sent !== null) {
        throw new Refused(refuse('invalid_string', { value: writtenOut(sent), param }));
      }
      const text = sent === null ? '' : String(sent);
      if (text.includes('\0')) {
        throw new Refused(refuse('invalid_string', { value: text.replaceAll('\0', '\\0'), param }));
      }
      if (text.length > limits.metadataValueLengthMax) {
        throw new Refused(refuse('metadata_value_too_long', { length: text.length, value: text, param }));
      }
      entries.push([key, text]);
    }
    if (entries.length > limits.metadataKeysMax) {
      throw new Refused(refuse('metadata_too_many_keys', { count: entries.length, param: name }));
    }
    // Not by assignment, to which a key called __proto__ would be something else.
    return Object.fromEntries(entries);
  },
  unknown: () => {},
});

/**
 * The metadata of an object after a change: '' removes a key, null removes all, undefined leaves everything.
 *
 * @throws Refused when more keys than allowed would be left
 */
export function mergeMetadata(old: Metadata | undefined, change: Metadata | null | undefined): Record<string, string> {
  if (change === null) return {};
  if (change === undefined) return { ...old };
  const merged = Object.entries({ ...old, ...change }).filter(([, value]) => value !== '');
  if (merged.length > limits.metadataKeysMax) {
    throw new Refused(refuse('metadata_too_many_keys', { count: merged.length }));
  }
  return Object.fromEntries(merged);
}
