import { disownLockFile, readLockFile } from './lock-file.ts';
import { isPostmasterOf, sleep } from './process.ts';
import { isReady, stopServer } from './server.ts';

/** How long a ready server may leave its socket unanswered before we take the socket for lost (a cleaned /tmp). */
const unansweredMsMax = 2000;

/**
 * The server that still works on `cluster` because its Evenkeel was killed (its own process group survives), or null
 * after clearing the way for a new one.
 *
 * Waits for a server that is recovering, or on its way out.
 */
export async function findOrphan(cluster: string, adopt: boolean): Promise<{ pid: number; socketDir: string } | null> {
  let unansweredMs = 0;
  for (;;) {
    const lock = readLockFile(cluster);
    if (lock === null) return null;
    if (!isPostmasterOf(lock.pid, cluster)) {
      if (isTaken(lock.pid)) disownLockFile(cluster);
      return null;
    }
    if (!adopt || unansweredMs > unansweredMsMax) {
      await stopServer(cluster, lock.pid);
    } else if (await isReady(cluster, lock.socketDir)) {
      return { pid: lock.pid, socketDir: lock.socketDir };
    } else if (lock.status === 'ready') {
      unansweredMs += 50;
    }
    await sleep(50);
  }
}

/** Whether the number is in use, be it by a stranger or a zombie: enough for PostgreSQL to ask "Is another postmaster running?". */
function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
