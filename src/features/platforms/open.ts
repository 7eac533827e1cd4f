import { command, type EventDraft, event } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { newPlatformAccount } from '../accounts/new-platform.ts';
import { accounts, type ExternalAccount } from '../accounts/object.ts';
import { birthClockId, type ClockNote, clockNoteId, type TestClockObject } from '../test-clocks/object.ts';
import { successfulBankOf } from '../tokens/bank.ts';
import { resolveExternalAccount } from '../tokens/external.ts';
import type { CreatePlatform } from './params.ts';
import { reservesEnabled, termsOf } from './rules.ts';

/**
 * The first operation of a platform's book: its own account, the note of its clock, and the clock if it is born on one.
 * Run again, it finds the account and changes nothing.
 */
export const openPlatform = command({
  name: 'platforms.open',

  load: (read, _: CreatePlatform, ctx) => ({ account: read.find(accounts, ctx.platform) }),

  decide(params, { account: existing }, ctx) {
    if (existing) return { result: existing };
    const id = ctx.id('acct');
    assert(id === ctx.platform, 'a platform is opened by the first operation of its book');
    // The second place is the application's, which is known by its id alone.
    ctx.id('ca');
    const terms = termsOf(params);
    let external: ExternalAccount;
    if (params.external_account === undefined) {
      external = successfulBankOf(terms.country, terms.default_currency, ctx.id('ba'), ctx.now);
    } else {
      const { external_account: sent } = params;
      const resolved = resolveExternalAccount(
        { sent, token: undefined, country: terms.country, at: 'external_account' },
        ctx,
      );
      if (isRefusal(resolved)) return resolved;
      external = resolved.external;
    }
    const created = params.created ?? ctx.now;
    const account = newPlatformAccount({
      id,
      created,
      ...terms,
      payout_interval: params.payout_interval ?? 'manual',
      ...(params.email !== undefined && { email: params.email }),
      external_account: external,
      reserves_enabled: reservesEnabled(params.reserves_enabled, created),
    });

    const clock = params.test_clock && bornClock(params.test_clock, ctx);
    const note: ClockNote = {
      id: clockNoteId(ctx.book),
      account: id,
      created: ctx.now,
      ...(clock && { clock: clock.id }),
    };
    const emit: EventDraft[] = clock ? [event('test_helpers.test_clock.created', clock)] : [];
    return {
      result: account,
      put: [account, note, ...(clock ? [clock] : [])],
      emit,
      ...(clock && { book: { frozenTime: clock.frozen_time } }),
    };
  },
});

const bornClock = (
  { frozen_time, name }: NonNullable<CreatePlatform['test_clock']>,
  { book, platform }: { readonly book: number; readonly platform: TestClockObject['account'] },
): TestClockObject => ({
  id: birthClockId(book),
  account: platform,
  created: frozen_time,
  ...(name !== undefined && { name }),
  frozen_time,
  status: 'ready',
});
