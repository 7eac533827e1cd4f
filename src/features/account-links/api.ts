import { form, id, oneOf, url } from '../../api/params.ts';
import { create, type Route } from '../../api/route.ts';
import { ignored } from '../payment-methods/params.ts';
import { createAccountLink } from './create.ts';
import { accountLinkView } from './view.ts';

export const routes: readonly Route[] = [
  create('/v1/account_links', {
    tier: 2,
    summary:
      'Makes an address by which whoever answers for a connected account can onboard it; good once, for 5 minutes.',
    params: form({
      account: id(),
      refresh_url: url(),
      return_url: url(),
      type: oneOf(['account_onboarding', 'account_update']),
      // The pages ask for everything at once.
      collect: ignored(),
      collection_options: ignored(),
    }),
    command: createAccountLink,
    view: accountLinkView,
  }),
];
