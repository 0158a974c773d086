import { setTimeout as delay } from 'node:timers/promises';
import { watchCpu } from '../cpu.js';
import { runLoad } from '../load.js';
import { machineMs } from './clock.js';
import type { Publisher } from './publisher.js';
import type { Receiver } from './receiver/receiver.js';

export interface Load {
  publisher: Publisher;
  /** Calls under way at any time. */
  atOnce: number;
  /** Events a call. */
  perCall: number;
}

/** One round of one contender: all of its events accepted, and all of their deliveries taken. */
export interface Round {
  /** Events. */
  acceptedPerSecond: number;
  /** Deliveries, of which an event may come to several, from the first call to the last arrival. */
  deliveredPerSecond: number;
  /** From the start of an event's call to the arrival, for each delivery. */
  latenciesMs: number[];
  /** What each process has computed for one event. */
  cpuMs: Record<string, number>;
}

/** What follows an answer (outcomes, updates) is counted with it, and does not run into the next round. */
const settleMs = 250;

/** @param events at least so many are sent, in whole calls */
export async function runRound({ publisher, atOnce, perCall }: Load, receiver: Receiver, events: number) {
  const startedMs = new Map<string, number>();
  let deliveries = 0;
  const used = watchCpu({ publisher: process.pid, receiver: receiver.process.pid, ...publisher.pids });
  const beganMs = machineMs();
  const calls = Math.ceil(events / perCall);
  const { elapsedMs } = await runLoad(calls, atOnce, async () => {
    const fromMs = machineMs();
    const sent = await publisher.send(perCall);
    for (const id of sent.ids) startedMs.set(id, fromMs);
    deliveries += sent.deliveries;
  });
  const arrived = await receiver.untilArrived(deliveries);
  const lastMs = arrived.reduce((latest, { atMs }) => Math.max(latest, atMs), -Infinity);
  await delay(settleMs);
  const round: Round = {
    acceptedPerSecond: (startedMs.size / elapsedMs) * 1000,
    deliveredPerSecond: (arrived.length / (lastMs - beganMs)) * 1000,
    latenciesMs: arrived.map(({ id, atMs }) => atMs - (startedMs.get(id) ?? NaN)),
    cpuMs: Object.fromEntries(
      Object.entries(used()).map(([name, seconds]) => [name, (seconds * 1000) / startedMs.size]),
    ),
  };
  if (round.latenciesMs.some(Number.isNaN)) throw new Error('Something arrived that was not sent in this round.');
  return round;
}
