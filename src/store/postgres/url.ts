/** A URL that names no database that Evenkeel can write to. One line, without the URL: it may hold a password. */
export class UrlError extends Error {
  override readonly name = 'UrlError';
}

/** What `DATABASE_URL` names. */
export interface DatabaseUrl {
  /** A URL for each server, in the order named. */
  readonly urls: readonly string[];
  /** Whether a server must be looked at before it is used: there are several, or the URL asks for it. */
  readonly choose: boolean;
}

const shape = /^(postgres(?:ql)?:\/\/)([^/?#]*@)?([^/?#@]*)(\/[^?#]*)?(?:\?([^#]*))?$/;

/**
 * What may stand after the `?`: what libpq knows, though the driver does nothing with some of it, since the URLs that services
 * hand out have it; and what the driver knows besides.
 *
 * Source: PostgreSQL 17, 32.1.2 "Parameter Key Words", and 32.1.1.2; the driver's connection parameters.
 */
const parameters = new Set(
  `host hostaddr port dbname user password passfile require_auth channel_binding connect_timeout client_encoding options
  application_name fallback_application_name keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout
  replication gssencmode sslmode requiressl sslnegotiation sslcompression sslcert sslkey sslkeylogfile sslpassword
  sslcertmode sslrootcert sslcrl sslcrldir sslsni requirepeer ssl_min_protocol_version ssl_max_protocol_version
  min_protocol_version max_protocol_version krbsrvname gsslib gssdelegation scram_client_key scram_server_key service
  target_session_attrs load_balance_hosts ssl uselibpqcompat statement_timeout lock_timeout
  idle_in_transaction_session_timeout`.split(/\s+/),
);

/**
 * Reads a URL as libpq does, with several servers, in either form:
 *
 *     postgres://user@one:5432,two:5432/database?target_session_attrs=read-write
 *     postgres://user@/database?host=one,two&port=5432
 *
 * The driver knows one server only. Several are always asked which of them takes writes, whether the URL says so or not:
 * Evenkeel can do nothing with the others.
 *
 * @throws UrlError
 */
export function readDatabaseUrl(url: string): DatabaseUrl {
  const [, scheme, user = '', authority = '', path = '', search = ''] = shape.exec(url) ?? [];
  if (scheme === undefined) {
    throw new UrlError('DATABASE_URL must be like postgres://user:password@host:5432/database');
  }
  const query = new URLSearchParams(search);
  for (const name of query.keys()) {
    if (!parameters.has(name))
      throw new UrlError(`DATABASE_URL has a parameter that PostgreSQL does not know: '${name}'`);
  }
  const target = query.get('target_session_attrs');
  if (target !== null && target !== 'read-write' && target !== 'primary') {
    throw new UrlError(
      `DATABASE_URL says target_session_attrs=${target}, but Evenkeel writes: it must be read-write or primary`,
    );
  }
  const places = placesIn(authority, query.get('host'), query.get('port'));
  if (places.length === 1 && target === null) {
    if (!URL.canParse(url.replace('@/', '@localhost/'))) {
      throw new UrlError('DATABASE_URL must be like postgres://user:password@host:5432/database');
    }
    return { urls: [url], choose: false };
  }
  const urls = places.map(({ host, port }) => {
    const own = new URLSearchParams(query);
    own.delete('target_session_attrs');
    own.set('host', host);
    own.set('port', port);
    // The driver prefers host and port of the query, and reads socket directories only there.
    return `${scheme}${user}localhost${path}?${own}`;
  });
  return { urls, choose: true };
}

interface Place {
  readonly host: string;
  readonly port: string;
}

function placesIn(authority: string, hostList: string | null, portList: string | null): Place[] {
  const places = hostList === null ? authority.split(',').map(placeIn) : listed(hostList, portList);
  for (const { host, port } of places) {
    if (host === '' && places.length > 1) throw new UrlError('DATABASE_URL has an empty name among its hosts');
    if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
      throw new UrlError(`DATABASE_URL has a port that is no number from 1 to 65535: '${port}'`);
    }
  }
  return places;
}

const defaultPort = '5432';

/** `host`, `host:5432`, `[::1]:5432`. */
function placeIn(text: string): Place {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(text) ?? [];
  if (bracketed === undefined && plain === undefined) {
    throw new UrlError('DATABASE_URL must be like postgres://user:password@host:5432/database');
  }
  return { host: decodeURIComponent(bracketed ?? plain ?? ''), port: port || defaultPort };
}

function listed(hostList: string, portList: string | null): Place[] {
  const hosts = hostList.split(',');
  const ports = (portList ?? defaultPort).split(',');
  if (ports.length > 1 && ports.length !== hosts.length) {
    throw new UrlError(
      `DATABASE_URL names ${hosts.length} hosts and ${ports.length} ports: give one port for all, or one for each`,
    );
  }
  return hosts.map((host, i) => ({ host, port: (ports.length === 1 ? ports[0] : ports[i]) || defaultPort }));
}
