import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.js';

const text = 'This is the review page of an escalation. Sign in to see it and to decide on it.';

const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Review an escalation</title><h1>Review an escalation</h1><p>${text}</p></html>\n`;

/**
 * What an escalation's link leads to without a session. The same for every id: it does not say which there are. The
 * app's own headers allow it no script, no frame and no form.
 */
export function reviewPageRoute(): Route {
  return defineRoute({
    method: 'get',
    path: '/escalations/{id}/review',
    root: true,
    tag: 'Escalations',
    summary: 'The review page, which asks to sign in',
    access: 'none',
    params: z.object({ id: z.string() }),
    responses: { 200: { description: 'An HTML page' } },
    handler: () =>
      Promise.resolve({
        status: 200,
        contentType: 'text/html; charset=utf-8',
        body: html,
      }),
  });
}
