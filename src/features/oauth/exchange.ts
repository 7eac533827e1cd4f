import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { type AuthorizationCodeObject, authorizationCodes } from './object.ts';

/** Takes a code for the account that it stands for; it is good once. */
export const exchangeCode = command({
  name: 'oauth.exchange',
  load: (read, { code }: { readonly code: string }) => ({ code: read.own(authorizationCodes, code) }),

  decide({ code: id }, { code }) {
    if (!code || code.used) return refuse('no_such', { object: authorizationCodes.noun, id, param: 'code' });
    const used: AuthorizationCodeObject = { ...code, used: true };
    return { result: used, put: [used] };
  },
});
