import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { newLink } from './new-link.ts';
import { expiring, files } from './object.ts';
import type { CreateLink } from './params.ts';
import { refuseLink } from './rules.ts';

export const createLink = command({
  name: 'file_links.create',

  load: (read, params: CreateLink) => ({ file: read.own(files, params.file) }),

  decide(params, { file }, ctx) {
    if (!file) return refuse('no_such', { object: files.noun, id: params.file, param: 'file' });
    const refusal = refuseLink(file, params.expires_at, { now: ctx.now, param: 'expires_at' });
    if (refusal) return refusal;
    const link = newLink(file, params, ctx);
    return { result: link, put: [link], schedule: expiring(link) };
  },
});
