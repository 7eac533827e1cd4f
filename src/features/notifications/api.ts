import { Refused } from '../../api/errors.ts';
import { listOf, paging, placeOf } from '../../api/list.ts';
import { boolean, form, id, oneOf, optional } from '../../api/params.ts';
import { admin, type Route } from '../../api/route.ts';
import { assert } from '../../kernel/assert.ts';
import { type Birth, birthOf, prefixOf } from '../../kernel/id.ts';
import { refuse } from '../../kernel/refusal.ts';
import { messageStatuses, type OutboxStore } from '../../store/outbox.ts';
import { accounts } from '../accounts/object.ts';
import { notificationSettings } from './object.ts';
import { setNotifications } from './set.ts';
import { mailPrefix, messageWire, notificationsView, notificationsWire } from './view.ts';

export interface NotificationParts {
  /** Null where routes are only looked at, as data. */
  readonly outbox: OutboxStore | null;
}

const outboxPath = '/evenkeel/v1/outbox';
const settingsPath = '/evenkeel/v1/notifications';

const mailAt = (mail: string, book: number): Birth | null =>
  prefixOf(mail) === mailPrefix ? birthOf(mail, book) : null;

export const routesWith = ({ outbox }: NotificationParts): readonly Route[] => [
  admin('POST', settingsPath, {
    tier: 2,
    summary: 'Whether owners of accounts are told by e-mail what happens to their money (R200).',
    params: form({ enabled: boolean() }),
    command: setNotifications,
    view: notificationsView,
  }),
  admin('GET', settingsPath, {
    tier: 2,
    summary: 'Whether they are.',
    async handler({ read }) {
      assert(read !== null, 'a key is for a platform');
      const platform = await read.anywhere(accounts, read.env.platform);
      const setting = platform?.platform?.notifications;
      return notificationsWire(setting === undefined ? null : await read.anywhere(notificationSettings, setting));
    },
  }),
  admin('GET', outboxPath, {
    tier: 2,
    summary: 'What owners of accounts were told or will be, newest first, and what became of each message.',
    params: form({ account: optional(id()), status: optional(oneOf(messageStatuses)), ...paging }),
    async handler({ read, params }) {
      assert(read !== null, 'messages are of a platform');
      assert(outbox !== null, 'who serves has an outbox');
      const { book } = read;
      const { account, status } = params;
      const owner = account === undefined ? undefined : birthOf(account, book);
      if (account !== undefined && (!owner || (await read.anywhere(accounts, account)) === null)) {
        throw new Refused(refuse('no_such', { object: accounts.noun, id: account, param: 'account' }));
      }
      const place = await placeOf(params, 'message', async (mail) => mailAt(mail, book));
      const page = await outbox.messages({
        book,
        ...place,
        ...(owner && { account: owner.seq }),
        ...(status && { status }),
      });
      return listOf(
        outboxPath,
        page.items.map((message) => messageWire(message, { book })),
        page.hasMore,
      );
    },
  }),
];
