import { boolean, form, id, object, optional } from '../../api/params.ts';
import { create, type Route } from '../../api/route.ts';
import { components } from './components.ts';
import { createAccountSession } from './create.ts';
import { accountSessionView } from './view.ts';

const component = (features: Readonly<Record<string, boolean>>) =>
  object({
    enabled: boolean(),
    features: optional(
      object(Object.fromEntries(Object.keys(features).map((name) => [name, optional(boolean())] as const))),
    ),
  });

export const routes: readonly Route[] = [
  create('/v1/account_sessions', {
    tier: 2,
    summary: "Lets a browser show parts of a connected account on the platform's page, for an hour.",
    params: form({
      account: id(),
      components: object(
        Object.fromEntries(
          Object.entries(components).map(([name, features]) => [name, optional(component(features))] as const),
        ),
      ),
    }),
    command: createAccountSession,
    view: accountSessionView,
  }),
];
