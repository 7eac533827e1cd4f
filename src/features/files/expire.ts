import { command, type Due } from '../../engine/command.ts';
import { fileLinks } from './object.ts';

/** The end of a link has come. */
export const expireLink = command({
  name: 'file_links.expire',

  load: (read, due: Due) => ({ link: read.find(fileLinks, due.subject) }),

  decide(due, { link }) {
    if (!link || link.expired || link.expires_at !== due.at) return { result: null };
    return { result: null, put: [{ ...link, expired: true }] };
  },
});
