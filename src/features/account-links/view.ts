import { originOf, type View, view } from '../../api/view.ts';
import { type AccountLinkObject, accountLinks } from './object.ts';

export const accountLinkView: View<AccountLinkObject> = view({
  kind: accountLinks,
  expandable: [],
  render: ({ id, secret, created, expires_at }, env) => ({
    object: 'account_link',
    created,
    expires_at,
    url: `${originOf(env)}/setup/${id}/${secret}`,
  }),
});
