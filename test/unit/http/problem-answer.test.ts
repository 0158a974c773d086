import { describe, expect, it, vi } from 'vitest';
import { createErrorRenderer } from '../../../src/http/problem-answer.js';
import { notFound, providerNotConfigured, tooManyRequests, unprocessable } from '../../../src/http/problem.js';
import type { Logger } from '../../../src/observability/logger.js';

const logger = { error: vi.fn(), warn: vi.fn() };
const render = createErrorRenderer({ publicUrl: 'https://x.test', logger: logger as unknown as Logger });
const documentOf = (error: unknown) => JSON.parse(render(error, 'r-1').body) as Record<string, unknown>;

describe('problems', () => {
  it('are RFC 9457 documents with a stable code', () => {
    const answer = render(notFound('org'), 'r-1');
    expect(answer).toMatchObject({ status: 404, headers: { 'Content-Type': 'application/problem+json' } });
    expect(JSON.parse(answer.body)).toEqual({
      type: 'https://x.test/docs/errors#not_found',
      title: 'Not Found',
      status: 404,
      detail: 'There is no such org.',
      code: 'not_found',
    });
  });

  it('list errors and what is missing, and carry their headers', () => {
    expect(documentOf(unprocessable([{ path: 'a', message: 'b' }]))).toMatchObject({
      errors: [{ path: 'a', message: 'b' }],
    });
    expect(documentOf(providerNotConfigured('d', ['JIRA_BASE_URL']))).toMatchObject({ missing: ['JIRA_BASE_URL'] });
    expect(render(tooManyRequests(3), 'r-1').headers['Retry-After']).toBe('3');
  });

  it('say nothing of an error that is not one of ours, in any form', () => {
    for (const error of [
      new Error('canary'),
      'canary',
      { canary: 1 },
      null,
      Object.assign(new Error('canary'), { status: 418, expose: true }),
    ]) {
      const answer = render(error, 'r-1');
      expect(answer.status).toBe(500);
      expect(answer.body).not.toContain('canary');
    }
    expect(logger.error).toHaveBeenCalled();
  });

  it.each([
    ['MongoServerSelectionError', {}],
    ['MongoNetworkTimeoutError', {}],
    ['MongoServerError', { code: 10107 }],
    ['MongoWriteConcernError', { code: 64 }],
  ])('turn %s into a 503 that says when to try again', (name, more) => {
    const error = Object.assign(new Error('connect 10.0.0.1'), { name, ...more });
    expect(documentOf(error)).toMatchObject({ status: 503, code: 'database_unavailable' });
    expect(render(error, 'r-1').headers['Retry-After']).toBe('1');
    expect(render(error, 'r-1').body).not.toContain('10.0.0.1');
  });

  it('leave other database errors a 500', () => {
    expect(documentOf(Object.assign(new Error('x'), { name: 'MongoServerError', code: 2 }))).toMatchObject({
      status: 500,
    });
  });
});
