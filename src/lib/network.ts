import { BlockList, isIPv4, isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
// Providers usually assign a /56 to each customer.
const PREFIX_DIGITS = 14;

/** Unwraps IPv4-mapped IPv6 addresses (`::ffff:1.2.3.4`). */
export function unwrapAddress(address: string): string {
  return MAPPED_IPV4.exec(address)?.[1] ?? address;
}

/** Returns the network that one caller can control: an IPv4 address itself, or the first 56 bits of an IPv6 address. */
export function getNetwork(address: string): string {
  const ip = unwrapAddress(address).split('%', 1)[0]!;
  if (isIPv4(ip) || !isIPv6(ip)) return ip;
  const [head = '', tail] = ip.toLowerCase().split('::');
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(Math.max(0, missing)).fill('0'), ...groups(tail)];
  const digits = all.map((group) => group.padStart(4, '0')).join('');
  return `${digits.slice(0, PREFIX_DIGITS)}/56`;
}

const inside = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  inside.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  inside.addSubnet(network, prefix, 'ipv6');

/** True for a loopback address. */
export function isLoopback(address: string): boolean {
  const ip = unwrapAddress(address);
  return ip === '::1' || (isIPv4(ip) && ip.startsWith('127.'));
}

/** True for an address of this machine or of a private network. */
export function isInside(address: string): boolean {
  const ip = unwrapAddress(address).split('%', 1)[0]!;
  if (isIPv4(ip)) return inside.check(ip, 'ipv4');
  return isIPv6(ip) && inside.check(ip, 'ipv6');
}
