import { type View, view } from '../../api/view.ts';
import { type PersonObject, persons } from './object.ts';
import { wholePersonWire } from './wire.ts';

export const personView: View<PersonObject> = view({
  kind: persons,
  expandable: [
    'verification.additional_document.back',
    'verification.additional_document.front',
    'verification.document.back',
    'verification.document.front',
  ],
  render: (person) => (person.deleted ? { id: person.id, object: 'person', deleted: true } : wholePersonWire(person)),
});
