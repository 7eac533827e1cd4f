import { isCountry } from '../../data/countries.ts';
import { isCurrency } from '../../data/currencies.ts';
import type { AnyCommand } from '../../engine/command.ts';
import { command } from '../../engine/command.ts';
import type { Engine } from '../../engine/engine.ts';
import { assert } from '../../kernel/assert.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import type { Book, Store } from '../../store/store.ts';
import { openRegister } from './found.ts';
import { accountOfPlatform, bookOfPlatform, type PlatformObject, platformId, REGISTER } from './object.ts';
import type { Secrets } from './secrets.ts';

/**
 * The entry of a platform that was founded in another database, built anew from what it says. Only what the platform is by
 * itself comes along. The same platform in the other mode is known by its number alone, which is somebody else's here, or will
 * be; and it is not the one that a first start made.
 *
 * @param entry as it was there; nobody has looked at it
 * @param book  what came in with it
 * @returns null when it is no entry, or not that of the book
 */
export function entryOf(
  entry: StoredObject,
  { book, livemode }: Pick<Book, 'book' | 'livemode'>,
): PlatformObject | null {
  const { application_name, country, created, default_currency, hasTestClock } = entry as PlatformObject;
  const id = platformId(book);
  const account = accountOfPlatform(REGISTER);
  const isOfBook = entry.id === id && entry.account === account && (entry as PlatformObject).livemode === livemode;
  const isWhole =
    typeof application_name === 'string' &&
    typeof country === 'string' &&
    isCountry(country) &&
    Number.isSafeInteger(created) &&
    typeof default_currency === 'string' &&
    isCurrency(default_currency) &&
    typeof hasTestClock === 'boolean';
  if (!isOfBook || !isWhole) return null;
  // In the order in which founding writes them, so that an export is the same file again.
  return { id, account, created, country, default_currency, application_name, livemode, hasTestClock };
}

/** A number that no platform of this database gets, since one that comes from elsewhere has a later one. */
const passNumber = command({ name: 'platforms.pass', load: () => null, decide: () => ({ result: null }) });

/** The entry of a platform that was founded in another database, at the same place of the register. */
const adopt = command({
  name: 'platforms.adopt',
  load: () => null,
  decide(platform: PlatformObject, _: null, ctx) {
    assert(ctx.id('platform') === platform.id, 'an entry stands where its number says');
    return { result: platform, put: [platform] };
  },
});

// Fewer than a queue holds.
const atOnce = 1024;

/**
 * Enters a platform from another database into the register, whose next platforms get later numbers.
 *
 * @returns whether its number was still to come; nothing is done otherwise
 */
export async function adoptPlatform(
  { engine, books, secrets }: { readonly engine: Engine; readonly books: Store; readonly secrets: Secrets },
  platform: PlatformObject,
): Promise<boolean> {
  await openRegister({ books, secrets });
  const given = (await books.openBook(REGISTER))?.version ?? 0;
  const number = bookOfPlatform(platform);
  if (given >= number) return false;
  const submit = (command: AnyCommand, params: unknown) =>
    engine.submit(REGISTER, {
      command,
      params,
      request: { account: null, id: null, idempotency: null },
      refusalBody: () => '',
    });
  for (let passed = given + 1; passed < number; passed += atOnce) {
    const count = Math.min(atOnce, number - passed);
    await Promise.all(Array.from({ length: count }, () => submit(passNumber, {})));
  }
  await submit(adopt, platform);
  return true;
}
