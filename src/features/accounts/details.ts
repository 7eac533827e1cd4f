import type { Details } from './object.ts';

const isDetails = (value: unknown): value is Details =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Free fields after a change: hashes merge, whatever else is sent takes the place of what was, null takes it away.
 * Undefined when nothing is left, so that nothing is stored.
 */
export function mergeDetails(old: Details | undefined, change: Details | undefined): Details | undefined {
  if (change === undefined) return old;
  const merged: Record<string, unknown> = { ...old };
  for (const [name, value] of Object.entries(change)) {
    const was = merged[name];
    const now = isDetails(value) ? mergeDetails(isDetails(was) ? was : undefined, value) : value;
    if (now === null || now === undefined) delete merged[name];
    else merged[name] = now;
  }
  return Object.keys(merged).length > 0 ? merged : undefined;
}

/** Numbers that identify a person or company: only that they were given is kept. */
const secrets: Readonly<Record<string, string>> = {
  id_number: 'id_number_provided',
  id_number_secondary: 'id_number_secondary_provided',
  registration_number: 'registration_number_provided',
  ssn_last_4: 'ssn_last_4_provided',
  tax_id: 'tax_id_provided',
  vat_id: 'vat_id_provided',
};

/** The same fields without numbers that must not be kept. */
export const withoutSecrets = (details: Details | undefined): Details | undefined =>
  details &&
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => {
      const provided = secrets[name];
      return provided === undefined ? [name, value] : [provided, value === null ? null : true];
    }),
  );

/** A field of nested free fields: `at(settings, 'payouts', 'statement_descriptor')`. */
export function at(details: Details | undefined, ...path: readonly string[]): unknown {
  let inside: unknown = details;
  for (const name of path) inside = isDetails(inside) ? inside[name] : undefined;
  return inside ?? null;
}
