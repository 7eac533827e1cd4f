import type { Read } from '../../api/read.ts';
import { limits } from '../../data/limits.ts';
import { birthOf } from '../../kernel/id.ts';
import { accounts } from '../accounts/object.ts';

/** Accounts whose money may have been let stay. */
export async function overdueAccounts(read: Read): Promise<readonly string[]> {
  const found: string[] = [];
  const refs = [{ index: accounts.refs.indexOf('holding'), value: 'overdue' }];
  for (let last: string | undefined, hasMore = true; hasMore; last = found.at(-1)) {
    const after = last === undefined ? null : birthOf(last, read.book);
    const page = await read.objects(accounts, { limit: limits.pageSizeMax, refs, ...(after && { after }) });
    found.push(...page.items.map((account) => account.id));
    hasMore = page.hasMore;
  }
  return found;
}
