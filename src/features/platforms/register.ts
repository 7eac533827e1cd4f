import { command } from '../../engine/command.ts';
import type { PlatformObject } from './object.ts';
import type { CreatePlatform } from './params.ts';
import { termsOf } from './rules.ts';

/** Writes a platform into the register, which is what numbers its book. Runs in the register's own book. */
export const registerPlatform = command({
  name: 'platforms.register',
  load: () => null,
  decide(params: CreatePlatform & { readonly isDefault?: true }, _: null, ctx) {
    const platform: PlatformObject = {
      id: ctx.id('platform'),
      account: ctx.platform,
      created: ctx.now,
      ...termsOf(params),
      livemode: params.livemode ?? false,
      hasTestClock: params.test_clock !== undefined,
      ...(params.isDefault && { isDefault: true }),
    };
    return { result: platform, put: [platform] };
  },
});
