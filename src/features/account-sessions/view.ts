import { type View, view } from '../../api/view.ts';
import { componentsWire } from './components.ts';
import { type AccountSessionObject, accountSessions } from './object.ts';

export const accountSessionView: View<AccountSessionObject> = view({
  kind: accountSessions,
  expandable: [],
  render: ({ of, client_secret, components, expires_at }, { livemode }) => ({
    object: 'account_session',
    account: of,
    client_secret,
    components: componentsWire(components),
    expires_at,
    livemode,
  }),
});
