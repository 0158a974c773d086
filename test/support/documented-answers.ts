import { isDeepStrictEqual } from 'node:util';
import { errorCodesOf } from '../../src/http/openapi/problems.js';
import { Problem } from '../../src/http/problem.js';
import type { Route, RouteReply, RouteRequest } from '../../src/http/route.js';
import { stringifyJson } from '../../src/lib/json/index.js';

export interface DocumentedAnswers {
  /** The same route; what its handler answers is compared with what it documents. Routes that document nothing are left alone. */
  watch: (route: Route) => Route;
  /** Answers that are not as documented, in sentences. */
  faults: ReadonlySet<string>;
}

/** So that every API test is also a test of the OpenAPI document. */
export function compareWithDocument(): DocumentedAnswers {
  const faults = new Set<string>();
  const watch = (route: Route): Route => {
    if (Object.keys(route.responses).length === 0) return route;
    const handler = async (request: RouteRequest<unknown, unknown, unknown>) => {
      try {
        const reply = await route.handler(request);
        const fault = replyFault(route, reply);
        if (fault !== null) faults.add(`${route.id}: ${fault}`);
        return reply;
      } catch (error) {
        if (error instanceof Problem && !errorCodesOf(route).includes(error.code)) {
          faults.add(`${route.id}: the code ${error.code} is not documented`);
        }
        throw error;
      }
    };
    return { ...route, handler };
  };
  return { watch, faults };
}

function replyFault(route: Route, { status, body }: RouteReply): string | null {
  const documented = route.responses[status];
  if (!documented) return `the status ${status} is not documented`;
  if (!documented.content) return body === undefined ? null : `a body with ${status} is not documented`;
  if (documented.content.type !== 'application/json' || typeof body === 'string') return null;
  const sent = JSON.parse(stringifyJson(body)) as unknown;
  const parsed = documented.content.schema.safeParse(sent);
  if (!parsed.success) return `${status}: ${JSON.stringify(parsed.error.issues).slice(0, 300)}`;
  return isDeepStrictEqual(parsed.data, sent) ? null : `${status} has fields that are not documented`;
}
