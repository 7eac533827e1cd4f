import { array, either, form, integer, object, oneOf, optional, type ParamsOf, text } from '../../api/params.ts';
import { limits } from '../../data/limits.ts';
import { type Resource, resources } from '../../data/permissions.ts';

const level = () => optional(oneOf(['none', 'read', 'write']));

const permissions = object(
  Object.fromEntries(resources.map((resource) => [resource, level()])) as Record<Resource, ReturnType<typeof level>>,
);

export const createKeyForm = form({
  /** For `Stripe-Account`: `all`, or ids. */
  accounts: optional(either(oneOf(['all']), array(text()))),
  name: optional(text({ max: 200, min: 1 })),
  permissions: optional(permissions),
  type: optional(oneOf(['secret', 'restricted', 'publishable'])),
});
export type CreateKey = ParamsOf<typeof createKeyForm>;

export const rollKeyForm = form({ expires_in: optional(integer({ min: 0, max: limits.apiKeyOverlapMax })) });
