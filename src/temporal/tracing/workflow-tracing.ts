import type { InjectedSinks } from '@temporalio/worker';
import { recordSpan } from '../../observability/tracing/tracing.js';
import { orgOfWorkflow } from '../../../workflows/contracts/workflow-ids.js';
import type { TraceSinks } from '../../../workflows/contracts/tracing.js';

/** Records the steps of workflows as spans. Always installed: the process that woke a workflow may have tracing on while this one doesn't. */
export const workflowTracing: InjectedSinks<TraceSinks> = {
  tracing: {
    step: {
      callDuringReplay: false,
      fn({ workflowId, runId, workflowType }, { traceId, spanId, parentSpanId, activity, ...step }) {
        recordSpan({
          name: `workflow ${workflowType}: ${activity}`,
          kind: 'internal',
          context: { traceId, spanId, sampled: true },
          ...{ parentSpanId, startedAt: step.startedAt, endedAt: step.endedAt },
          failure: step.failed ? 'ActivityFailure' : null,
          attributes: {
            'temporal.workflow_id': workflowId,
            'temporal.run_id': runId,
            'temporal.workflow_type': workflowType,
            'temporal.activity_type': activity,
            'drawbridge.org_id': orgOfWorkflow(workflowId),
          },
        });
      },
    },
  },
};
