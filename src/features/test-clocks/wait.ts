import type { Read } from '../../api/read.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import { accountNo } from '../../ledger/chart.ts';
import { testClocks } from './object.ts';

/** How long an answer waits for the clock to arrive; afterwards clients ask again, as they do with Stripe. */
const waitMs = 5000;

/** Has the work done that is due in the book, and returns when it is done or takes too long. */
export async function waitForDueWork({ engine, book }: Read): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs);
  });
  try {
    // Whatever goes wrong in the book is the affair of the next request that needs it.
    await Promise.race([engine.catchUp(book).catch(() => {}), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What time it is in the book: its test clock's, also after that was deleted, or the machine's. */
export async function bookTime(read: Read): Promise<UnixSeconds> {
  const account = accountNo(read.env.platform, read.book);
  const { items } = await read.objects(testClocks, { account, limit: 1 });
  return items[0]?.frozen_time ?? read.engine.clock();
}
