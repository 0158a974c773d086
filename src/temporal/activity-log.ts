import {
  ApplicationFailure,
  ApplicationFailureCategory,
  CancelledFailure,
  CompleteAsyncError,
} from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Logger } from '../observability/logger.js';

/**
 * A line for each try of an activity; what it is about stands on every line that is logged inside (activityFields). It takes the place
 * of the SDK's own, which know no trace.
 */
export const activityLog =
  (logger: Logger): ActivityInterceptorsFactory =>
  () => ({
    inbound: {
      async execute(input, next) {
        const startedAt = performance.now();
        const ms = () => Math.round((performance.now() - startedAt) * 10) / 10;
        try {
          const result = await next(input);
          logger.debug({ ms: ms() }, 'activity done');
          return result;
        } catch (error) {
          const about = { ms: ms(), failure: error instanceof ApplicationFailure ? error.type : undefined };
          if (isExpected(error)) logger.debug(about, 'activity ended early');
          else logger.warn(about, 'activity failed');
          throw error;
        }
      },
    },
  });

function isExpected(error: unknown): boolean {
  if (error instanceof CancelledFailure || error instanceof CompleteAsyncError) return true;
  return error instanceof ApplicationFailure && error.category === ApplicationFailureCategory.BENIGN;
}
