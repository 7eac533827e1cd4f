import { type Config, ConfigError } from '../config.ts';
import { limits } from '../data/limits.ts';
import { resources } from '../data/permissions.ts';
import { platformClient } from './client.ts';
import { duration } from './instant.ts';

const path = '/evenkeel/v1/api_keys';

export interface CreateKeyOptions {
  readonly name?: string;
  readonly publishable?: true;
  /** `charge=read` */
  readonly permission?: readonly string[];
  readonly account?: readonly string[];
}

function permissionsOf(sent: readonly string[]): Record<string, string> {
  const permissions: Record<string, string> = {};
  for (const each of sent) {
    const [resource = '', level = '', more] = each.split('=');
    if (!['none', 'read', 'write'].includes(level) || more !== undefined) {
      throw new ConfigError(`'${each}' is no permission; write charge=read or transfer=write`);
    }
    if (!(resources as readonly string[]).includes(resource)) {
      throw new ConfigError(`'${resource}' is nothing that a permission is for; there are ${resources.join(', ')}`);
    }
    if (resource in permissions) throw new ConfigError(`--permission says twice what the key may with ${resource}`);
    permissions[resource] = level;
  }
  return permissions;
}

/** @throws ConfigError for what contradicts itself: a key that lets in to more than was meant is found too late */
function refuseContradictions({ publishable, permission, account }: CreateKeyOptions): void {
  if (publishable && (permission ?? account) !== undefined) {
    throw new ConfigError('--publishable goes with neither --permission nor --account: these are for restricted keys');
  }
  if (account !== undefined && permission === undefined) {
    throw new ConfigError('--account is for restricted keys: say with --permission what the key may');
  }
  if (account !== undefined && account.length > 1 && account.includes('all')) {
    throw new ConfigError('--account is either all, or the ids of accounts');
  }
}

const tell = (answer: Record<string, unknown>): number => {
  console.log(JSON.stringify(answer, null, 2));
  return 0;
};

/** `evenkeel keys create`: a key of the platform, which is shown this once. */
export async function createKey(config: Config, options: CreateKeyOptions): Promise<number> {
  refuseContradictions(options);
  const { name, publishable, permission, account } = options;
  const type = permission !== undefined ? 'restricted' : publishable ? 'publishable' : 'secret';
  const key = await platformClient(config).post(path, {
    type,
    ...(name !== undefined && { name }),
    ...(permission !== undefined && { permissions: permissionsOf(permission) }),
    ...(account !== undefined && { accounts: account[0] === 'all' ? 'all' : account }),
  });
  return tell(key);
}

/** `evenkeel keys list` */
export async function listKeys(config: Config): Promise<number> {
  return tell(await platformClient(config).get(path));
}

/** `evenkeel keys roll key_… --overlap 24h`: another key of the same reach, which is shown this once. */
export async function rollKey(config: Config, id: string, { overlap }: { readonly overlap?: string }): Promise<number> {
  const expires_in = overlap === undefined ? 0 : duration(overlap);
  if (expires_in > limits.apiKeyOverlapMax) throw new ConfigError(`--overlap ${overlap} is too long: at most 7d`);
  return tell(await platformClient(config).post(`${path}/${id}/roll`, { expires_in }));
}

/** `evenkeel keys revoke key_…` */
export async function revokeKey(config: Config, id: string): Promise<number> {
  return tell(await platformClient(config).ask('DELETE', `${path}/${id}`));
}
