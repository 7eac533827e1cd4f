import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';

/** Whether owners of accounts are told by e-mail; the platform has at most one. */
export interface NotificationSettingsObject extends StoredObject {
  readonly id: Id<'ntf'>;
  readonly status: 'enabled' | 'disabled';
}

export const notificationSettings = kind<NotificationSettingsObject>({
  no: 53,
  object: 'notification_settings',
  prefixes: ['ntf'],
  noun: 'notification settings',
  // Books whose people are told are found by this.
  refs: ['status'],
});

export const isEnabled = (setting: StoredObject): boolean =>
  (setting as NotificationSettingsObject).status === 'enabled';
