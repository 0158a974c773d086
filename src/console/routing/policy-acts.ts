import type { Policy } from '../../escalations/policies/evaluate.js';
import { changedSince } from '../../http/etag.js';

/**
 * What a button of the list makes of it.
 * @param act `up:pol_1`, `down:…`, `on:…`, `off:…`
 * @returns the list as it is to be, and in words what is different
 * @throws Problem 412 for one that is not there any more
 */
export function applyAct(policies: readonly Policy[], act: string): { list: Policy[]; done: string } {
  const [, what = '', id] = /^(up|down|on|off):(.+)$/.exec(act) ?? [];
  const index = policies.findIndex((policy) => policy.id === id);
  const policy = policies[index];
  if (!policy) throw changedSince();
  const list = [...policies];
  if (what === 'on' || what === 'off') {
    list[index] = { ...policy, enabled: what === 'on' };
    return { list, done: `${policy.name} is ${what}.` };
  }
  const to = Math.min(Math.max(index + (what === 'up' ? -1 : 1), 0), list.length - 1);
  list.splice(index, 1);
  list.splice(to, 0, policy);
  return { list, done: `${policy.name} is number ${to + 1} now.` };
}
