import type { Sinks } from '@temporalio/workflow';

/** One activity of a workflow, from scheduling it to the end of its last attempt. Ids only. */
export interface WorkflowStep {
  traceId: string;
  spanId: string;
  /** The span of the wake-up that caused this step. */
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
