import type { EscalationUnderTest } from './escalation-harness.js';

type Events = Awaited<ReturnType<EscalationUnderTest['events']>>;

/** A duration as it stands in a history, in milliseconds. */
export const msOf = (duration: { seconds?: unknown; nanos?: number | null } | null | undefined): number =>
  Number(duration?.seconds ?? 0) * 1_000 + (duration?.nanos ?? 0) / 1e6;

/** The heartbeat timeouts that an activity was scheduled with, in order and in milliseconds. */
export async function heartbeatTimeoutsOf(
  { events }: { events: () => Promise<Events> },
  activity: string,
): Promise<number[]> {
  const scheduled = (await events()).flatMap((event) => event.activityTaskScheduledEventAttributes ?? []);
  return scheduled
    .filter(({ activityType }) => activityType?.name === activity)
    .map(({ heartbeatTimeout }) => msOf(heartbeatTimeout));
}
