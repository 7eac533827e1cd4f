import { command, type Decision, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import { type NotificationSettingsObject, notificationSettings } from './object.ts';

export interface SetNotifications {
  readonly enabled: boolean;
}

function load(read: Reader, _: SetNotifications, { platform: id }: { readonly platform: string }) {
  const platform = read.find(accounts, id);
  const setting = platform?.platform?.notifications;
  return { platform, setting: setting === undefined ? undefined : read.find(notificationSettings, setting) };
}

/** Has owners told of what happens from now on, or not any more. @rule R200 */
export const setNotifications = command({
  name: 'notifications.set',
  load,

  decide({ enabled }, { platform, setting }: ReturnType<typeof load>, ctx): Decision<NotificationSettingsObject> {
    assert(platform?.platform !== undefined, 'a book has its platform');
    const status = enabled ? 'enabled' : 'disabled';
    if (setting) {
      const changed = { ...setting, status } as const;
      return { result: changed, put: [changed] };
    }
    const made: NotificationSettingsObject = { id: ctx.id('ntf'), account: platform.id, created: ctx.now, status };
    const owner: AccountObject = { ...platform, platform: { ...platform.platform, notifications: made.id } };
    return { result: made, put: [made, owner] };
  },
});
