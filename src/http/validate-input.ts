import { z } from 'zod';
import { notFound, unprocessable } from './problem.js';
import { parseJsonBody } from './json.js';
import type { Route } from './route.js';
import type { HttpMiddleware } from './state.js';
import { validate } from './validation.js';

const noFields = z.strictObject({});

/** Parses path, query and body by the route's schemas. */
export function validateInput(route: Route): HttpMiddleware {
  const bodySchema = route.body === 'raw' ? null : ((route.body ?? noFields) as z.ZodType);
  return async (ctx, next) => {
    ctx.state.input = {
      params: pathParams(route, ctx.state.params),
      query: queryValues(route, ctx.querystring),
      body: bodySchema && validate(bodySchema, parseJsonBody(ctx.state.rawBody, ctx.req.headers['content-type'])),
    };
    await next();
  };
}

/** An id that cannot exist is one that does not exist. */
function pathParams(route: Route, params: Record<string, string>): unknown {
  if (!route.params) return params;
  const parsed = (route.params as z.ZodType).safeParse(params);
  if (!parsed.success) throw notFound('resource');
  return parsed.data;
}

/** Routes without a query schema ignore the query: trackers add their own to webhook addresses. */
function queryValues(route: Route, querystring: string): unknown {
  if (!route.query) return {};
  const search = new URLSearchParams(querystring);
  const names = [...search.keys()];
  const repeated = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  if (repeated.length > 0) throw unprocessable(repeated.map((path) => ({ path, message: 'may be given once only' })));
  return validate(route.query as z.ZodType, Object.fromEntries(search));
}
