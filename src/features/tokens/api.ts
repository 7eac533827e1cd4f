import { create, type Route, retrieve } from '../../api/route.ts';
import { createToken } from './create.ts';
import { createTokenForm } from './params.ts';
import { tokenView } from './view.ts';

export const routes: readonly Route[] = [
  create('/v1/tokens', {
    tier: 1,
    publishable: true,
    summary: 'Keeps a card or a bank account for one use. Test numbers only; the number itself is not kept.',
    params: createTokenForm,
    command: createToken,
    view: tokenView,
  }),
  retrieve('/v1/tokens/:token', tokenView, { tier: 1, param: 'token', summary: 'One token.' }),
];
