import { table } from '../table.js';
import type { Flow } from './rounds.js';

const head = [
  ...['', 'at once', 'a call', 'n', 'accepted/s', 'delivered/s', 'p50 ms', 'p99 ms'],
  ...['× accepted', '× delivered', '× p50', '× p99'],
];

/** What was measured beside each other, a line each; n counts deliveries. */
export const flowTable = (flows: readonly Flow[]): string =>
  table(
    head,
    flows.map(({ name, atOnce, perCall, samples, ratio, ...flow }) => [
      ...[name, String(atOnce), String(perCall), String(samples)],
      ...[flow.acceptedPerSecond, flow.deliveredPerSecond].map((value) => value.toFixed(0)),
      ...[flow.p50Ms, flow.p99Ms].map((value) => value.toFixed(1)),
      ...[ratio.accepted, ratio.delivered, ratio.p50, ratio.p99].map((value) => value.toFixed(2)),
    ]),
  );

/** What each process computes for one event, in milliseconds. */
export function cpuTable(flows: readonly Flow[]): string {
  const processes = [...new Set(flows.flatMap(({ cpuMs }) => Object.keys(cpuMs)))];
  return table(
    ['CPU ms an event', 'at once', 'a call', ...processes],
    flows.map(({ name, atOnce, perCall, cpuMs }) => [
      ...[name, String(atOnce), String(perCall)],
      ...processes.map((process) => cpuMs[process]?.toFixed(2) ?? ''),
    ]),
  );
}

/** @returns such as `1.08 at 20 at once` */
export const ratioAt = ({ atOnce }: Flow, value: number): string => `${value.toFixed(2)} at ${atOnce} at once`;
