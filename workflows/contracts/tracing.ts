import type { Sinks } from '@temporalio/workflow';

/** What a workflow had an activity do, from scheduling it to its last try. Ids only. */
export interface WorkflowStep {
  traceId: string;
  spanId: string;
  /** The span of the wake-up that this step follows from. */
  parentSpanId: string;
  activity: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  endedAt: number;
  failed: boolean;
}

export interface TraceSinks extends Sinks {
  tracing: { step: (step: WorkflowStep) => void };
}
