import { type Feature, feature } from '../../api/feature.ts';
import type { CliSessions } from '../../webhooks/cli/sessions.ts';
import { cliSessionRoutes } from './api.ts';

/** Command lines that listen: `stripe listen`, `stripe logs tail`, `evenkeel listen`. */
export const cliSessionsWith = (sessions: CliSessions | null): Feature =>
  feature({ name: 'cli-sessions', resource: null, routes: cliSessionRoutes(sessions) });
