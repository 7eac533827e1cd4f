import { form } from '../../api/params.ts';
import { create, type Route } from '../../api/route.ts';
import { ignored } from '../payment-methods/params.ts';
import { createLoginLink } from './create.ts';
import { loginLinkView } from './view.ts';

export const routes: readonly Route[] = [
  create('/v1/accounts/:account/login_links', {
    tier: 2,
    summary: "Makes an address by which an express account's owner can look at it; good once, for 5 minutes.",
    params: form({ redirect_url: ignored() }),
    command: createLoginLink,
    view: loginLinkView,
  }),
];
