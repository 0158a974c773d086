import { hostname, networkInterfaces } from 'node:os';
import { plainAddress } from './addresses.js';

/** Whether an address leads back to this machine: loopback, `0.0.0.0` and `::` (which dial loopback), or an interface's own. */
export function isThisMachine(address: string): boolean {
  const plain = plainAddress(address);
  if (!plain) return false;
  if (/^(127|0)\./.test(plain.text) || plain.text === '::1' || plain.text === '::') return true;
  return Object.values(networkInterfaces())
    .flatMap((own) => own ?? [])
    .some((own) => plainAddress(own.address)?.text === plain.text);
}

/** The same of a host in a setting, which may be a name; only names that never need a look-up are known. */
export function isThisHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  if (name === 'localhost' || name.endsWith('.localhost') || name === hostname().toLowerCase()) return true;
  return isThisMachine(name);
}
