import { type Config, ConfigError } from '../config.ts';
import { Client } from './client.ts';
import { instant } from './instant.ts';

export interface CreateOptions {
  readonly country?: string;
  readonly currency?: string;
  readonly clock?: string;
  readonly live?: boolean;
}

function operator({ adminKey, serverUrl }: Config): Client {
  if (adminKey === null)
    throw new ConfigError("EVENKEEL_ADMIN_KEY must be set: platforms are made with the operator's key");
  return new Client(serverUrl, adminKey);
}

/** `evenkeel platforms create`: a platform of its own, whose secret key is shown this once. */
export async function createPlatform(config: Config, options: CreateOptions): Promise<number> {
  const platform = await operator(config).post('/evenkeel/v1/platforms', {
    ...(options.country !== undefined && { country: options.country.toUpperCase() }),
    ...(options.currency !== undefined && { default_currency: options.currency }),
    ...(options.clock !== undefined && { test_clock: { frozen_time: instant(options.clock) } }),
    ...(options.live && { livemode: true }),
  });
  console.log(JSON.stringify(platform, null, 2));
  return 0;
}

/** `evenkeel platforms list` */
export async function listPlatforms(config: Config): Promise<number> {
  console.log(JSON.stringify(await operator(config).get('/evenkeel/v1/platforms?limit=100'), null, 2));
  return 0;
}
