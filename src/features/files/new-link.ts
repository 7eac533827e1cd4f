import { type Metadata, mergeMetadata } from '../../api/params.ts';
import type { Context } from '../../engine/command.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { FileLinkObject, FileObject } from './object.ts';

const secretLength = 32;

export function newLink(
  file: Pick<FileObject, 'id' | 'account'>,
  { expires_at, metadata }: { readonly expires_at?: UnixSeconds; readonly metadata?: Metadata | null },
  ctx: Pick<Context, 'id' | 'now' | 'secret'>,
): FileLinkObject {
  const id = ctx.id('link');
  return {
    id,
    account: file.account,
    created: ctx.now,
    file: file.id,
    expired: false,
    ...(expires_at !== undefined && { expires_at }),
    ...(metadata && { metadata: mergeMetadata(undefined, metadata) }),
    secret: ctx.secret(id, secretLength),
  };
}
