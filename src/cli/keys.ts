import { type Config, ConfigError } from '../config.ts';
import { platformClient } from './client.ts';
import { target } from './instant.ts';

const path = '/evenkeel/v1/api_keys';

export interface CreateKeyOptions {
  readonly name?: string;
  readonly publishable?: true;
  /** `charge=read` */
  readonly permission?: readonly string[];
  readonly account?: readonly string[];
}

function permissionsOf(sent: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    sent.map((each): [string, string] => {
      const [resource, level, more] = each.split('=');
      if (!resource || !level || more !== undefined) {
        throw new ConfigError(`'${each}' is no permission; write charge=read or transfer=write`);
      }
      return [resource, level];
    }),
  );
}

const tell = (answer: Record<string, unknown>): number => {
  console.log(JSON.stringify(answer, null, 2));
  return 0;
};

/** `evenkeel keys create`: a key of the platform, which is shown this once. */
export async function createKey(config: Config, options: CreateKeyOptions): Promise<number> {
  const { name, publishable, permission, account } = options;
  const type = permission !== undefined ? 'restricted' : publishable ? 'publishable' : 'secret';
  const key = await platformClient(config).post(path, {
    type,
    ...(name !== undefined && { name }),
    ...(permission !== undefined && { permissions: permissionsOf(permission) }),
    ...(account !== undefined && { accounts: account.includes('all') ? 'all' : account }),
  });
  return tell(key);
}

/** `evenkeel keys list` */
export async function listKeys(config: Config): Promise<number> {
  return tell(await platformClient(config).get(path));
}

/** `evenkeel keys roll key_… --overlap 24h`: another key of the same reach, which is shown this once. */
export async function rollKey(config: Config, id: string, { overlap }: { readonly overlap?: string }): Promise<number> {
  const expires_in = overlap === undefined ? 0 : target(overlap, 0);
  return tell(await platformClient(config).post(`${path}/${id}/roll`, { expires_in }));
}

/** `evenkeel keys revoke key_…` */
export async function revokeKey(config: Config, id: string): Promise<number> {
  return tell(await platformClient(config).ask('DELETE', `${path}/${id}`));
}
