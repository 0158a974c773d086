import { Counter, Histogram, type Registry } from 'prom-client';

export interface LifecycleMetrics {
  /** @param seconds from its acceptance */
  commandSettled: (command: { kind: string; provider: string; outcome: string; seconds: number }) => void;
  providerCalled: (call: { provider: string; operation: string; outcome: string; seconds: number }) => void;
  notified: (notification: { channel: string; outcome: string; seconds: number }) => void;
  /** Something that happened to an escalation has had all that follows from it. */
  entryApplied: (kind: string) => void;
}

const callSeconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30];
const commandSeconds = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300, 1_800, 7_200, 86_400];

/** What lifecycles do: commands, calls of trackers, messages to people. Each label has few values, all of them words of ours. */
export function createLifecycleMetrics(registry: Registry): LifecycleMetrics {
  const registers = [registry];
  const commands = new Histogram({
    name: 'drawbridge_ticket_command_seconds',
    help: 'From the acceptance of a command of a ticket until it was applied, failed or cancelled.',
    labelNames: ['kind', 'provider', 'outcome'] as const,
    buckets: commandSeconds,
    registers,
  });
  const calls = new Histogram({
    name: 'drawbridge_provider_call_seconds',
    help: 'How long calls of trackers took, by what came of them; what a breaker answers in their place is no call.',
    labelNames: ['provider', 'operation', 'outcome'] as const,
    buckets: callSeconds,
    registers,
  });
  const notifications = new Histogram({
    name: 'drawbridge_notification_seconds',
    help: 'How long messages to chats and pagers took, by what came of them: sent, retry, failed, gone.',
    labelNames: ['channel', 'outcome'] as const,
    buckets: callSeconds,
    registers,
  });
  const entries = new Counter({
    name: 'drawbridge_escalation_entries_total',
    help: 'What happened to escalations and was followed up: raised, claimed, released, noted, overdue, resolved.',
    labelNames: ['kind'] as const,
    registers,
  });
  return {
    commandSettled: ({ seconds, ...labels }) => commands.observe(labels, seconds),
    providerCalled: ({ seconds, ...labels }) => calls.observe(labels, seconds),
    notified: ({ seconds, ...labels }) => notifications.observe(labels, seconds),
    entryApplied: (kind) => entries.inc({ kind }),
  };
}
