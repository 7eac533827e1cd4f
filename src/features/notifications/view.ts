import { view, type Wire } from '../../api/view.ts';
import { eventTypeOf } from '../../data/event-types.ts';
import { mint } from '../../kernel/id.ts';
import { accountId } from '../../ledger/chart.ts';
import type { Message } from '../../store/outbox.ts';
import { isEnabled, type NotificationSettingsObject, notificationSettings } from './object.ts';

/** @param setting null where nobody ever switched anything on */
export const notificationsWire = (setting: NotificationSettingsObject | null): Wire => ({
  object: 'notification_settings',
  enabled: setting !== null && isEnabled(setting),
});

export const notificationsView = view<NotificationSettingsObject>({
  kind: notificationSettings,
  expandable: [],
  render: notificationsWire,
});

/** A message is found by its event, and so is its id. */
export const mailPrefix = 'mail';

export const messageWire = (message: Message, { book }: { readonly book: number }): Wire => ({
  id: mint(mailPrefix, book, message.event),
  object: 'message',
  account: accountId(message.account, book),
  attempts: message.tries,
  created: message.created,
  error: message.error,
  event: mint('evt', book, message.event),
  event_type: eventTypeOf(message.type) ?? null,
  next_attempt: message.nextTry,
  occurred: message.occurred,
  sent: message.sent,
  status: message.status,
  subject: message.subject,
  text: message.text,
  to: message.to,
});
