import { assert } from '../../kernel/assert.ts';
import type { ContentStore } from '../../store/contents.ts';

export interface FileParts {
  /** Null where routes are only looked at, as data. */
  readonly contents: ContentStore | null;
  /** How large files may be at all. */
  readonly bytesMax: number;
}

export function contentsIn({ contents }: FileParts): ContentStore {
  assert(contents !== null, 'who serves has the contents of files');
  return contents;
}
