import { view } from '../../api/view.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';

/** The consent of an account, as the answer to recording it: it lives in the account and has no id of its own. */
export const consentView = view<AccountObject>({
  kind: accounts,
  expandable: [],
  render: ({ id, consent }) => ({
    object: 'consent',
    account: id,
    date: consent?.date ?? null,
    ip: consent?.ip ?? null,
    text: consent?.text ?? null,
  }),
});
