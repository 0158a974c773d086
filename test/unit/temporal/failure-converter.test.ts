import { ActivityFailure, ApplicationFailure, defaultPayloadConverter, RetryState } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { failureConverter } from '../../../src/temporal/failure-converter.js';

const toFailure = (error: unknown) => failureConverter.errorToFailure(error, defaultPayloadConverter);

/** The stacks of a failure and of all its causes. */
function stacksOf(failure: ReturnType<typeof toFailure> | null | undefined): string[] {
  return failure ? [failure.stackTrace ?? '', ...stacksOf(failure.cause)] : [];
}

describe('the failure converter', () => {
  it('drops the stack of an error and those of its causes', () => {
    const cause = new Error('inner', { cause: new TypeError('innermost') });
    const failure = toFailure(ApplicationFailure.create({ message: 'outer', type: 'T', cause }));
    expect(stacksOf(failure)).toEqual(['', '', '']);
    expect(JSON.stringify(failure)).not.toContain(import.meta.filename);
  });

  it('drops that of an activity’s failure within a workflow’s', () => {
    const cause = ApplicationFailure.nonRetryable('gone', 'LinkNotFound');
    const error = new ActivityFailure(
      'Activity failed',
      'drainTicket',
      '1',
      RetryState.NON_RETRYABLE_FAILURE,
      'w',
      cause,
    );
    const failure = toFailure(error);
    expect(stacksOf(failure)).toEqual(['', '']);
    expect(failure.cause).toMatchObject({ message: 'gone', applicationFailureInfo: { type: 'LinkNotFound' } });
  });

  it('keeps what operators filter by, and what decides about the next try', () => {
    const error = ApplicationFailure.create({
      message: 'Down.',
      type: 'TrackerUnavailable',
      nextRetryDelay: '5 seconds',
    });
    expect(toFailure(error)).toMatchObject({
      message: 'Down.',
      applicationFailureInfo: { type: 'TrackerUnavailable', nextRetryDelay: { seconds: expect.anything() as unknown } },
    });
  });
});
