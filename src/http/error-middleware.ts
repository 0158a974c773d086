import { sendAnswer } from './answer.js';
import type { RenderError } from './problem-answer.js';
import type { HttpMiddleware } from './state.js';

/** Catches whatever the middleware inside throws, and answers with its problem document. */
export function renderErrors(renderError: RenderError): HttpMiddleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      sendAnswer(ctx, renderError(error, ctx.state.requestId));
    }
  };
}
