import { command, type Decision } from '../../engine/command.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { typeOf } from './content.ts';
import { newLink } from './new-link.ts';
import { expiring, type FileObject } from './object.ts';
import type { CreateFile } from './params.ts';
import { refuseLink, refuseUpload } from './rules.ts';

/** A file whose contents were kept before, and a link to it when one is asked for. No event tells of it. */
export const createFileWith = (bytesMax: number) =>
  command({
    name: 'files.create',

    load: () => null,

    decide(params: CreateFile, _: null, ctx): Decision<FileObject> | Refusal {
      const { file: sent, purpose, title, file_link_data: link } = params;
      const refusal = refuseUpload(params, bytesMax);
      if (refusal) return refusal;
      const type = typeOf(sent.bytes, sent.filename);
      const file: FileObject = {
        id: ctx.id('file'),
        account: ctx.account,
        created: ctx.now,
        purpose,
        ...(sent.filename !== null && { filename: sent.filename }),
        ...(title !== undefined && { title }),
        ...(type !== undefined && { type }),
        size: sent.bytes.length,
        content: sent.sha256,
        sha256: sent.sha256,
      };
      if (!link?.create) return { result: file, put: [file] };
      const { expires_at } = link;
      const noLink = refuseLink(file, expires_at, { now: ctx.now, param: 'file_link_data[expires_at]' });
      if (noLink) return noLink;
      const made = newLink(file, link, ctx);
      return { result: file, put: [file, made], schedule: expiring(made) };
    },
  });
