import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { inSpan, isTracing } from '../../observability/tracing/tracing.js';
import { aboutActivity } from '../activity-context.js';
import { traceOf } from './trace-header.js';

/** Each try of an activity as a span, under the step of the workflow that wants it; a trace of its own when nobody's call is behind it. */
export const activityTracing: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    execute(input, next) {
      if (!isTracing()) return next(input);
      const { workflow_id, workflow_type, activity, attempt, org_id } = aboutActivity(info);
      const attributes = {
        'temporal.workflow_id': workflow_id,
        'temporal.run_id': info.workflowExecution?.runId,
        'temporal.workflow_type': workflow_type,
        'temporal.activity_type': activity,
        'temporal.attempt': attempt,
        'drawbridge.org_id': org_id,
      };
      const options = { kind: 'consumer', attributes, parent: traceOf(input.headers) } as const;
      return inSpan(`activity ${activity}`, options, () => next(input));
    },
  },
});
