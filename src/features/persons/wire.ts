import type { Wire } from '../../api/view.ts';
import { personWire } from '../accounts/person-wire.ts';
import type { PersonObject } from './object.ts';

export const wholePersonWire = ({ id, account, created, details }: PersonObject): Wire =>
  personWire({ id, account, created }, details);
