import dns from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Where webhooks may go. A URL is text from outside, and this server stands where its sender does not: so addresses that only
 * a network's inside has any business with are refused always, and private ones unless the operator allows them.
 *
 * A name is resolved once, and the connection goes to what was judged: a name that answers differently the second time
 * changes nothing.
 */

const listOf = (rows: readonly (readonly [string, number])[]): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of rows) list.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4');
  return list;
};

const never = listOf([
  ['0.0.0.0', 8], // "this network"; connects to the machine itself
  ['169.254.0.0', 16], // link-local, and where clouds keep credentials
  ['100.100.100.200', 32], // metadata of a cloud, within the shared range
  ['168.63.129.16', 32], // a cloud's inner service, at a public address
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['192.88.99.0', 24], // relays of 6to4
  ['198.18.0.0', 15], // benchmarks of routers
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, and broadcast
  ['fd00:ec2::', 32], // metadata and other services of a cloud
  ['fd20:ce::254', 128],
  ['fe80::', 10], // link-local
  ['ff00::', 8], // multicast
  ['100::', 64], // discard
  ['2001::', 23], // protocol assignments, Teredo
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4: an IPv4 address in disguise
  ['3fff::', 20], // documentation
  ['64:ff9b::', 96], // NAT64: an IPv4 address in disguise
  ['64:ff9b:1::', 48],
]);

const inside = listOf([
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10], // shared by a provider's customers
  ['::1', 128],
  ['fc00::', 7],
  ['fec0::', 10],
]);

// `::` and the old spelling of an IPv4 address as ::1.2.3.4; loopback and ::ffff:1.2.3.4 (which lists see through) lie beside it.
const compatible = listOf([['::', 96]]);

/**
 * Why an address may not be connected to, or null.
 *
 * @param address an IP address as text
 */
export function refusedAddress(address: string, allowPrivate: boolean): string | null {
  const version = isIP(address);
  if (version === 0) return `${address} is not an address`;
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const isInside = inside.check(address, family);
  if (never.check(address, family) || (version === 6 && !isInside && compatible.check(address, family))) {
    return `${address} is an address that webhooks never go to`;
  }
  if (isInside && !allowPrivate) return `${address} is a private address, which this server does not allow`;
  return null;
}

export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** Why a URL's host may not be asked, where it is an address already: no `lookup` is called for those. */
export function refusedHost({ hostname }: URL, allowPrivate: boolean): string | null {
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(host) === 0 ? null : refusedAddress(host, allowPrivate);
}

export type Resolve = (hostname: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

const resolveBySystem: Resolve = (hostname) => dns.promises.lookup(hostname, { all: true, verbatim: true });

/** For the `lookup` option of a connection: every address of the name must be allowed, and only those are given back. */
export function guardedLookup(allowPrivate: boolean, resolve: Resolve = resolveBySystem): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        const refused = addresses
          .map(({ address }) => refusedAddress(address, allowPrivate))
          .find((why) => why !== null);
        if (refused) callback(new AddressRefused(refused), '', 0);
        else if (first === undefined) callback(new AddressRefused(`${hostname} has no address`), '', 0);
        else if (all) callback(null, [...addresses], 0);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}
