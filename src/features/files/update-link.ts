import { mergeMetadata } from '../../api/params.ts';
import { command, type Decision } from '../../engine/command.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { expiring, type FileLinkObject, fileLinks } from './object.ts';
import type { UpdateLink } from './params.ts';
import { refuseEnd } from './rules.ts';

/** Changes when a link ends, `now` at once, or its metadata. One that has ended stays so. */
export const updateLink = command({
  name: 'file_links.update',

  load: (read, params: UpdateLink) => ({ link: read.own(fileLinks, params.link) }),

  decide({ link: id, expires_at, metadata }, { link }, ctx): Decision<FileLinkObject> | Refusal {
    if (!link) return refuse('no_such_in_path', { object: fileLinks.noun, id, param: 'link' });
    const { expires_at: before, ...rest } = link;
    const end = expires_at === undefined ? before : expires_at === 'now' ? ctx.now : (expires_at ?? undefined);
    if (end !== before) {
      if (link.expired) return refuse('invalid_value', { param: 'expires_at', reason: 'the link has expired' });
      const refusal = expires_at === 'now' ? null : refuseEnd(end, { now: ctx.now, param: 'expires_at' });
      if (refusal) return refusal;
    }
    const changed: FileLinkObject = {
      ...rest,
      ...(end !== undefined && { expires_at: end }),
      expired: link.expired || (end !== undefined && end <= ctx.now),
      ...(metadata !== undefined && { metadata: mergeMetadata(link.metadata, metadata) }),
    };
    if (end === before) return { result: changed, put: [changed] };
    return {
      result: changed,
      put: [changed],
      unschedule: expiring(link),
      schedule: changed.expired ? [] : expiring(changed),
    };
  },
});
