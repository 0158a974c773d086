import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { conflict, forbidden } from '../../src/http/problem.js';
import { pagingQuery } from '../../src/http/paging.js';
import { defineRoute, type Route } from '../../src/http/route.js';

/** Routes that show what the framework hands to a handler, and that misbehave when asked to. */
export function probeRoutes(): Route[] {
  let calls = 0;
  const get = {
    method: 'get',
    tag: 'Operation',
    summary: 'Probe',
    description: 'A probe.',
    errors: [],
    responses: {},
  } as const;
  const post = { ...get, method: 'post', audit: { none: 'a probe' } } as const;
  return [
    defineRoute({
      ...post,
      id: 'probeEcho',
      path: '/probe/echo',
      access: 'any',
      body: z.strictObject({ text: z.string().optional(), data: z.unknown().optional() }),
      handler: ({ body, newId, caller, remoteAddress }) => {
        const ids = [newId('er'), newId('er'), newId('tkt')];
        const actor = caller.kind === 'anonymous' ? null : caller.actor;
        return Promise.resolve({
          status: 201,
          body: { calls: ++calls, ids, body, actor, remoteAddress },
          headers: { Location: '/x' },
        });
      },
    }),
    defineRoute({
      ...post,
      id: 'probeFail',
      path: '/probe/fail',
      access: 'any',
      body: z.strictObject({ how: z.enum(['409', '403', '500']) }),
      handler: ({ body, newId }) => {
        calls++;
        if (body.how === '409') throw conflict('concurrent_changes', `call ${calls} ${newId('er')}`);
        if (body.how === '403') throw forbidden(`call ${calls} ${newId('er')}`);
        throw new Error('canary: a secret in a message');
      },
    }),
    defineRoute({
      ...post,
      id: 'probeSlow',
      path: '/probe/slow',
      access: 'any',
      handler: async () => {
        await sleep(400);
        return { status: 200, body: { calls: ++calls } };
      },
    }),
    defineRoute({
      ...post,
      id: 'probeNothing',
      path: '/probe/nothing',
      access: 'any',
      handler: () => Promise.resolve({ status: 204 }),
    }),
    defineRoute({
      ...post,
      id: 'probeRaw',
      path: '/probe/raw',
      access: 'none',
      body: 'raw',
      maxBodyBytes: 1024,
      handler: ({ rawBody }) => Promise.resolve({ status: 200, body: { hex: rawBody.toString('hex') } }),
    }),
    defineRoute({
      ...get,
      id: 'probeList',
      path: '/probe/list',
      access: 'any',
      query: z.strictObject({ ...pagingQuery }),
      handler: ({ query }) => Promise.resolve({ status: 200, body: query }),
    }),
  ];
}
