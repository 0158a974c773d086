import type { z } from 'zod';
import { stringifyJson } from '../lib/json/index.js';
import type { ReadSubject } from './audit.js';
import { Problem } from './problem.js';
import type { Route } from './route.js';

/**
 * Reads the subjects of audit entries through the routes that show them, so that an entry holds what callers may see, and no
 * secret. Access is not checked here: the caller may change the subject.
 */
export function createSubjectReader(routes: readonly Route[]): ReadSubject {
  const shows = new Map(routes.filter(({ method }) => method === 'get').map((route) => [route.path, route]));
  return async (path, params) => {
    const route = shows.get(path);
    if (!route) return null;
    try {
      const { body } = await route.handler({
        params: parsed(route.params as z.ZodType | undefined, params),
        query: parsed(route.query as z.ZodType | undefined, {}),
        body: {},
        rawBody: Buffer.alloc(0),
        caller: { kind: 'admin', actor: { id: 'audit', name: 'Audit', via: 'admin' } },
        requestId: '',
        remoteAddress: '',
        header: () => undefined,
        newId: () => '',
      });
      // As plain values: some answers hold JSON text as it came.
      return isObject(body) ? (JSON.parse(stringifyJson(body)) as Record<string, unknown>) : null;
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return null;
      throw error;
    }
  };
}

const parsed = (schema: z.ZodType | undefined, value: unknown): unknown => (schema ? schema.parse(value) : value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The names of a path's parameters, in order. */
export const paramsIn = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
