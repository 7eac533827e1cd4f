import { type Config, ConfigError } from '../config.ts';
import { Client, ServerError } from './client.ts';
import { instant } from './instant.ts';

export interface CreateOptions {
  readonly country?: string;
  readonly currency?: string;
  readonly clock?: string;
  readonly live?: boolean;
  readonly otherMode?: string;
  readonly email?: string;
}

/** What the operator's key gets of the server. @throws ConfigError where there is none, or another */
async function operator<Answer>(
  { adminKey, serverUrl }: Config,
  ask: (client: Client) => Promise<Answer>,
): Promise<Answer> {
  if (adminKey === null)
    throw new ConfigError(
      'EVENKEEL_ADMIN_KEY must be set, to what the server has: platforms are founded and listed by the operator',
    );
  try {
    return await ask(new Client(serverUrl, adminKey));
  } catch (error) {
    if (!(error instanceof ServerError) || error.status !== 401) throw error;
    throw new ConfigError(
      `the server at ${serverUrl} has another admin key, or none: set EVENKEEL_ADMIN_KEY for both, to the same`,
    );
  }
}

/** `evenkeel platforms create`: a platform of its own, whose secret key is shown this once. */
export async function createPlatform(config: Config, options: CreateOptions): Promise<number> {
  const params = {
    ...(options.country !== undefined && { country: options.country.toUpperCase() }),
    ...(options.currency !== undefined && { default_currency: options.currency }),
    ...(options.clock !== undefined && { test_clock: { frozen_time: instant(options.clock) } }),
    ...(options.live && { livemode: true }),
    ...(options.otherMode !== undefined && { other_mode: options.otherMode }),
    ...(options.email !== undefined && { email: options.email }),
  };
  const platform = await operator(config, (client) => client.post('/evenkeel/v1/platforms', params));
  console.log(JSON.stringify(platform, null, 2));
  return 0;
}

/** `evenkeel platforms list` */
export async function listPlatforms(config: Config): Promise<number> {
  const all = await operator(config, (client) => client.get('/evenkeel/v1/platforms?limit=100'));
  console.log(JSON.stringify(all, null, 2));
  return 0;
}
