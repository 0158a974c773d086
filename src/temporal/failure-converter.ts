import { DefaultFailureConverter, type PayloadConverter, type ProtoFailure } from '@temporalio/common';

/** Drops stack traces: they carry absolute paths, and a history is readable by everyone who sees the Temporal UI. */
class StacklessFailureConverter extends DefaultFailureConverter {
  override errorToFailure(error: unknown, payloadConverter: PayloadConverter): ProtoFailure {
    return withoutStack(super.errorToFailure(error, payloadConverter));
  }
}

function withoutStack(failure: ProtoFailure): ProtoFailure {
  failure.stackTrace = '';
  if (failure.cause) withoutStack(failure.cause);
  return failure;
}

/** The name that the SDK looks for, in workers, clients and the workflow bundle. */
export const failureConverter = new StacklessFailureConverter();
