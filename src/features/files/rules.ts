import { filePurposes, linkablePurposes } from '../../data/file-purposes.ts';
import { oneOf, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { FileObject } from './object.ts';
import type { CreateFile } from './params.ts';

/** @param bytesMax how large files may be at all */
export function refuseUpload(
  { file, purpose }: Pick<CreateFile, 'file' | 'purpose'>,
  bytesMax: number,
): Refusal | null {
  const size = file.bytes.length;
  const maximum = Math.min(filePurposes[purpose].bytesMax ?? bytesMax, bytesMax);
  if (size === 0) return refuse('invalid_value', { param: 'file', reason: 'the file is empty' });
  if (size <= maximum) return null;
  return refuse('invalid_value', {
    param: 'file',
    reason: `a file for ${purpose} may have at most ${maximum} bytes; this one has ${size}`,
  });
}

export function refuseLink(
  { purpose }: Pick<FileObject, 'purpose'>,
  expires_at: UnixSeconds | undefined,
  { now, param }: { readonly now: UnixSeconds; readonly param: string },
): Refusal | null {
  if (!filePurposes[purpose].linkable) {
    const reason = `files for ${purpose} need a key; links are made to files for ${oneOf(linkablePurposes)}`;
    return refuse('invalid_value', { param: 'file', reason });
  }
  return refuseEnd(expires_at, { now, param });
}

export function refuseEnd(
  expires_at: UnixSeconds | undefined,
  { now, param }: { readonly now: UnixSeconds; readonly param: string },
): Refusal | null {
  if (expires_at === undefined || expires_at > now) return null;
  return refuse('invalid_value', { param, reason: 'must be in the future' });
}
