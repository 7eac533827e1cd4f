/**
 * When an endpoint that did not take an event is tried again: seconds after the try before. The first try comes at once, and
 * when the list is at its end, the event is given up for that endpoint.
 *
 * Source: Stripe's published guide to webhooks (live: three days with growing pauses; test: three times within a few hours),
 * checked 2026-11-22; the single pauses are Evenkeel's choice.
 */
export const webhookRetrySeconds: { readonly live: readonly number[]; readonly test: readonly number[] } = {
  live: [300, 1800, 7200, 18_000, 36_000, 43_200, 43_200, 43_200, 43_200],
  test: [60, 600, 7200],
};
