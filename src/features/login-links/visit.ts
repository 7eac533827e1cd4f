import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { sameText } from '../../kernel/same-text.ts';
import { type LoginLinkObject, loginLinks } from './object.ts';

/** An address was opened, which is possible once. */
export const visitLoginLink = command({
  name: 'login_links.visit',
  load: (read, { link }: { readonly link: string; readonly secret: string }) => ({ link: read.find(loginLinks, link) }),

  decide({ link: id, secret }, { link }, ctx) {
    if (!link || !sameText(link.secret, secret) || link.used || ctx.now >= link.expires_at) {
      return refuse('no_such_in_path', { object: loginLinks.noun, id, param: 'link' });
    }
    const used: LoginLinkObject = { ...link, used: true };
    return { result: used, put: [used] };
  },
});
