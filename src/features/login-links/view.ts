import { originOf, type View, view } from '../../api/view.ts';
import { type LoginLinkObject, loginLinks } from './object.ts';

export const loginLinkView: View<LoginLinkObject> = view({
  kind: loginLinks,
  expandable: [],
  render: ({ id, secret, created }, env) => ({
    object: 'login_link',
    created,
    url: `${originOf(env)}/express/${id}/${secret}`,
  }),
});
