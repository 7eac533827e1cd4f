/** A request that was answered. */
export interface AnsweredRequest {
  readonly id: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly created: number;
  readonly ip: string;
  /** Whether it came from the platform's key and acted on another account. */
  readonly onBehalf: boolean;
  /** Of an answer that says no: its `error`. */
  readonly error: Readonly<Record<string, unknown>> | null;
}

type Wants = (request: AnsweredRequest) => boolean;

const all: Wants = () => true;
const none: Wants = () => false;

/** What each filter compares; those that name nothing we know let nothing through. */
const told: Readonly<Record<string, (request: AnsweredRequest) => readonly string[]>> = {
  // A platform sees its own requests and those it makes for others; nobody else has a key to come in with.
  filter_account: ({ onBehalf }) => [onBehalf ? 'connect_out' : 'self'],
  filter_http_method: ({ method }) => [method],
  filter_ip_address: ({ ip }) => [ip],
  filter_request_path: ({ path }) => [path],
  filter_request_status: ({ status }) => [status < 300 ? 'SUCCEEDED' : 'FAILED'],
  filter_source: () => ['API'],
  filter_status_code: ({ status }) => [String(status)],
  filter_status_code_type: ({ status }) => [`${Math.floor(status / 100)}00`, `${Math.floor(status / 100)}XX`],
};

/**
 * Which requests a command line wants to see.
 *
 * @param text `{"filter_http_method":["POST"],"filter_status_code_type":["400"]}`: each filter must find one of its values;
 *   empty for all requests
 */
export function requestFilter(text: string): Wants {
  if (text === '') return all;
  let filters: unknown;
  try {
    filters = JSON.parse(text);
  } catch {
    return none;
  }
  if (typeof filters !== 'object' || filters === null) return none;
  const wanted = Object.entries(filters).map(([name, values]): Wants => {
    const says = told[name];
    if (says === undefined || !Array.isArray(values)) return none;
    const upper = values.map((value) => String(value).toUpperCase());
    return (request) => says(request).some((value) => upper.includes(value.toUpperCase()));
  });
  return (request) => wanted.every((wants) => wants(request));
}
