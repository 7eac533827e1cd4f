import { type View, view } from '../../api/view.ts';
import { type AuthorizationCodeObject, authorizationCodes } from './object.ts';

/** Nothing shows a code but the address that it is a part of. */
export const authorizationCodeView: View<AuthorizationCodeObject> = view({
  kind: authorizationCodes,
  expandable: [],
  render: ({ id }) => ({ id, object: 'authorization_code' }),
});
