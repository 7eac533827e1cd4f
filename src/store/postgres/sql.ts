/** A parameter for an array of integers: cheaper to write, and to send, than what the driver makes of an array. */
export const integers = (values: readonly (number | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`;

/** Milliseconds by the database's clock: one for all servers, whatever their machines think. */
export const nowMs = '(extract(epoch from clock_timestamp()) * 1000)::bigint';
