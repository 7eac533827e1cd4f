/** What the tests use of qs, which brings no types. */
declare module 'qs' {
  const qs: {
    stringify(values: unknown, options?: Readonly<Record<string, unknown>>): string;
    parse(text: string, options?: Readonly<Record<string, unknown>>): Record<string, unknown>;
  };
  export default qs;
}
