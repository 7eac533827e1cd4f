import { type EventType, eventTypeNo, eventTypes, MAIL_ONLY } from '../../data/event-types.ts';

const names = (Object.keys(eventTypes) as readonly EventType[]).filter((name) => !MAIL_ONLY.has(name));

/** The numbers of all types that the API shows. */
export const shownTypes: readonly number[] = names.map(eventTypeNo);

/**
 * The numbers of the types that a filter means: a type by its name, a group by its beginning (`charge.*`), all by `*`.
 *
 * @returns empty for what no event is called
 */
export function typesMeant(filter: string): readonly number[] {
  if (!filter.endsWith('*')) return names.filter((name) => name === filter).map(eventTypeNo);
  const beginning = filter.slice(0, -1);
  return names.filter((name) => name.startsWith(beginning)).map(eventTypeNo);
}
