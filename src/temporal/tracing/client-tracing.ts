import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { Headers } from '@temporalio/common';
import { activeSpan, inSpan } from '../../observability/tracing/tracing.js';
import { withTrace } from './trace-header.js';

/** Records a wake-up as a span, with its context in the headers. A wake-up outside of a traced call gets no span. */
async function traced<T>(
  what: string,
  workflow: { id: string; type?: string },
  headers: Headers,
  send: (headers: Headers) => Promise<T>,
): Promise<T> {
  if (!activeSpan()) return send(headers);
  const attributes = { 'temporal.workflow_id': workflow.id, 'temporal.workflow_type': workflow.type };
  return inSpan(what, { kind: 'producer', attributes }, ({ context }) => send(withTrace(headers, context)));
}

/** For every client: carries the trace of a call to the workflow that it wakes. */
export const clientTracing: WorkflowClientInterceptor = {
  startWithDetails: (input, next) =>
    traced(
      `start ${input.workflowType}`,
      { id: input.options.workflowId, type: input.workflowType },
      input.headers,
      (headers) => next({ ...input, headers }),
    ),
  signal: (input, next) =>
    traced(`signal ${input.signalName}`, { id: input.workflowExecution.workflowId }, input.headers, (headers) =>
      next({ ...input, headers }),
    ),
  signalWithStart: (input, next) =>
    traced(
      `wake ${input.workflowType}`,
      { id: input.options.workflowId, type: input.workflowType },
      input.headers,
      (headers) => next({ ...input, headers }),
    ),
  startUpdateWithStart: (input, next) =>
    traced(
      `wake ${input.workflowType} and wait`,
      { id: input.workflowStartOptions.workflowId, type: input.workflowType },
      input.updateHeaders,
      (updateHeaders) => next({ ...input, updateHeaders, workflowStartHeaders: updateHeaders }),
    ),
};
