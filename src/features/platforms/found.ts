import { errorBody, Refused } from '../../api/errors.ts';
import { type AnyCommand, command } from '../../engine/command.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Idempotency } from '../../engine/task.ts';
import { assert } from '../../kernel/assert.ts';
import { bookOf } from '../../kernel/id.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { KeyStore, ReadStore } from '../../store/reader.ts';
import type { Store } from '../../store/store.ts';
import { addSecretKey, keyText } from '../api-keys/keys.ts';
import { allPlatforms, bookOfPlatform, type PlatformObject, platformId, platforms, REGISTER } from './object.ts';
import { openPlatform } from './open.ts';
import type { CreatePlatform } from './params.ts';
import { refuseOtherMode, refusePlatform, termsOf } from './rules.ts';
import type { Secrets } from './secrets.ts';

/** Writes a platform into the register, which is what numbers its book. Runs in the register's own book. */
const registerPlatform = command({
  name: 'platforms.register',

  load(read, params: CreatePlatform & { readonly isDefault?: true }) {
    const book = params.other_mode === undefined ? null : bookOf(params.other_mode);
    return { other: book === null ? undefined : read.find(platforms, platformId(book)) };
  },

  decide(params, { other }, ctx) {
    const livemode = params.livemode ?? false;
    if (params.other_mode !== undefined) {
      const refusal = refuseOtherMode(params.other_mode, { other, livemode });
      if (refusal) return refusal;
    }
    const platform: PlatformObject = {
      id: ctx.id('platform'),
      account: ctx.platform,
      created: ctx.now,
      ...termsOf(params),
      livemode,
      hasTestClock: params.test_clock !== undefined,
      ...(other && { otherMode: other.id }),
      ...(params.isDefault && { isDefault: true }),
    };
    return { result: platform, put: [platform, ...(other ? [{ ...other, otherMode: platform.id }] : [])] };
  },
});

/** What founding a platform takes. */
export interface Founding {
  readonly engine: Engine;
  readonly books: Store;
  readonly keys: KeyStore;
  readonly secrets: Secrets;
}

interface Asked {
  /** req_…, null for what the program does by itself. */
  readonly id: string | null;
  readonly idempotency: Idempotency | null;
}

export interface Founded {
  readonly platform: PlatformObject;
  readonly secret: string;
}

/**
 * Makes a platform:
 *
 *     1  an entry in the register, under the caller's idempotency key; it numbers the book
 *     2  the book
 *     3  the first operation of the book: account and clock
 *     4  the key, which follows from the entry and the idempotency key
 *
 * A crash may come between any two. Each step does nothing when it was done before, so the same request again finishes
 * what is missing, and is answered the same.
 *
 * @throws Refused
 */
export async function foundPlatform(founding: Founding, params: CreatePlatform, asked: Asked): Promise<Founded> {
  const refusal = refusePlatform(params);
  if (refusal) throw new Refused(refusal);
  const platform = await register(founding, params, asked);
  const book = bookOfPlatform(platform);
  await openBook(founding, platform, params, asked);
  const key = asked.idempotency?.key;
  const { secrets, keys, engine } = founding;
  const bytes =
    (key !== undefined && secrets.derive(`platform ${book} ${key}`)) || secrets.draw(`key of platform ${book}`);
  const secret = keyText(bytes, 'secret', platform.livemode);
  await addSecretKey(keys, { secret, book, now: engine.clock() });
  return { platform, secret };
}

/**
 * Makes the platform of a first start, unless there are others already: the first book, with a key that anyone can know.
 * Only for a database that nobody else reaches. Finishes what a start before did not.
 *
 * @param secret the key
 */
export async function openDefaultPlatform(founding: Founding, store: ReadStore, secret: string): Promise<void> {
  const nobody: Asked = { id: null, idempotency: null };
  await openRegister(founding);
  const first = (await store.object(REGISTER, { seq: 1, pos: 0 })) as PlatformObject | null;
  if (first !== null && !first.isDefault) return;
  // Its number was passed over for a platform that was imported.
  if (first === null && (await founding.books.openBook(REGISTER))?.version !== 0) return;
  const platform = first ?? (await register(founding, { isDefault: true }, nobody));
  await openBook(founding, platform, {}, nobody);
  await addSecretKey(founding.keys, { secret, book: bookOfPlatform(platform), now: founding.engine.clock() });
}

export const openRegister = ({ books, secrets }: Pick<Founding, 'books' | 'secrets'>): Promise<void> =>
  books.createBook({ book: REGISTER, livemode: false, secret: secrets.draw('register').toString('hex') });

async function register(
  founding: Founding,
  params: CreatePlatform & { readonly isDefault?: true },
  asked: Asked,
): Promise<PlatformObject> {
  await openRegister(founding);
  return (await done(founding.engine, REGISTER, registerPlatform, params, asked)) as PlatformObject;
}

async function openBook(founding: Founding, platform: PlatformObject, params: CreatePlatform, asked: Asked) {
  const { books, secrets, engine } = founding;
  const book = bookOfPlatform(platform);
  await books.createBook({
    book,
    livemode: platform.livemode,
    secret: secrets.draw(`book ${book}`).toString('hex'),
    // Before the first operation, since that happens at this time already.
    frozenTime: params.test_clock?.frozen_time ?? null,
  });
  await done(engine, book, openPlatform, params, { id: asked.id, idempotency: null });
}

/** Has a command decided, and returns its result. @throws Refused */
async function done(
  engine: Engine,
  book: number,
  work: AnyCommand,
  params: unknown,
  { id, idempotency }: Asked,
): Promise<StoredObject> {
  let refusal: Refusal | null = null;
  const outcome = await engine.submit(book, {
    command: work,
    params,
    request: { account: null, id, idempotency },
    refusalBody(reason) {
      refusal = reason;
      return errorBody(reason);
    },
  });
  if (outcome.kind === 'refused') throw new Refused(outcome.refusal);
  if (refusal !== null) throw new Refused(refusal);
  assert(outcome.object !== null, `${work.name} answers an object`);
  return outcome.object;
}

export const hasPlatforms = async (store: Pick<ReadStore, 'list'>): Promise<boolean> =>
  (await store.list({ ...allPlatforms, limit: 1 })).items.length > 0;

/** The book of the same platform in the other mode; null where it has none. */
export async function otherBookOf(store: Pick<ReadStore, 'object'>, book: number): Promise<number | null> {
  const platform = (await store.object(REGISTER, { seq: book, pos: 0 })) as PlatformObject | null;
  return platform?.otherMode === undefined ? null : bookOfPlatform({ id: platform.otherMode });
}
