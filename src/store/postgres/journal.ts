import { type Birth, spellBirth } from '../../kernel/id.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import type { Line } from '../../ledger/statement.ts';
import type { Changes } from '../store.ts';

export const readChanges = (text: string): Changes => JSON.parse(text) as Changes;

/** The object born at `birth`, as the operation with these changes left it. */
export function objectIn(changes: Changes, book: number, birth: Birth): StoredObject | null {
  const ending = spellBirth(book, birth);
  return changes.put?.find((object) => object.id.endsWith(ending)) ?? null;
}

export function lineIn(changes: Changes, book: number, birth: Birth): Line | null {
  const ending = spellBirth(book, birth);
  return changes.lines?.find((line) => line.id.endsWith(ending)) ?? null;
}
