import {
  type ControllerProperties,
  controllerPresets,
  defaultController,
  isControllerPossible,
} from '../../data/controllers.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { CreateAccount } from './params.ts';

/**
 * Who controls the account that is asked for, by `type` or by `controller`; money rules do not see which.
 * What a controller does not name is as for the standard type, and so is an account that names neither.
 *
 * @returns refusals: type together with controller, X70
 */
export function controllerFrom({
  type,
  controller,
}: Pick<CreateAccount, 'controller' | 'type'>): ControllerProperties | Refusal {
  if (type !== undefined && controller !== undefined) return refuse('type_with_controller');
  if (type !== undefined) return controllerPresets[type];
  const properties: ControllerProperties = {
    losses: { payments: controller?.losses?.payments ?? defaultController.losses.payments },
    fees: { payer: controller?.fees?.payer ?? defaultController.fees.payer },
    requirement_collection: controller?.requirement_collection ?? defaultController.requirement_collection,
    stripe_dashboard: { type: controller?.stripe_dashboard?.type ?? defaultController.stripe_dashboard.type },
  };
  return isControllerPossible(properties) ? properties : refuse('controller_liability');
}
