import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCustomHeaders } from '../../../src/http/client/custom-headers.js';
import { readHeaders } from '../../../src/http/client/request.js';

const messageOf = (name: string, value = 'x') => checkCustomHeaders({ [name]: value })[0]?.message;

describe('headers that a user sets', () => {
  it.each(['X-Team', 'authorization', 'User-Agent', 'x-api-key', 'traceparent'])('may be %s', (name) =>
    expect(messageOf(name)).toBeUndefined(),
  );

  it.each([
    ...['Connection', 'Keep-Alive', 'Proxy-Authenticate', 'Proxy-Authorization', 'Proxy-Connection', 'TE', 'Trailer'],
    ...['Transfer-Encoding', 'Upgrade', 'Host', 'Content-Length', 'Expect'],
  ])('may not be %s, of the connection', (name) => expect(messageOf(name)).toMatch(/connection/));

  it.each([
    ...['Cookie', 'Set-Cookie', 'Content-Type', 'Content-Encoding', 'Accept-Encoding'],
    ...['webhook-id', 'Webhook-Timestamp', 'WEBHOOK-SIGNATURE', 'X-Signature', 'X-Hub-Signature'],
    ...['X-Keeptrusts-Signature', 'x-keeptrusts-signature-previous', 'X-Keeptrusts-Event', 'X-Drawbridge-Anything'],
  ])('may not be %s, of ours', (name) => expect(messageOf(name)).toMatch(/reserved/));

  it('may not be what the call sets itself', () => {
    expect(checkCustomHeaders({ Authorization: 'x' }, ['authorization'])).toMatchObject([{ name: 'Authorization' }]);
  });

  it.each(['', 'with space', 'colon:', 'new\nline', 'ümlaut', 'x'.repeat(129)])('have no such name as %j', (name) =>
    expect(messageOf(name)).toMatch(/name/),
  );

  it.each(['a\r\nInjected: 1', 'a\nb', 'a\rb', 'a\0b', 'a\u007f', 'snow ☃'])('have no such value as %j', (value) =>
    expect(messageOf('x-team', value)).toMatch(/character/),
  );

  it('are set once, are not too long and not too many', () => {
    expect(checkCustomHeaders({ 'X-A': '1', 'x-a': '2' })).toEqual([{ name: 'x-a', message: 'is set twice' }]);
    expect(messageOf('x-a', 'x'.repeat(4097))).toMatch(/4096/);
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`x-${at}`, '']));
    expect(checkCustomHeaders(many)).toMatchObject([{ name: 'x-50' }]);
    expect(checkCustomHeaders({})).toEqual([]);
  });

  it('can be sent when nothing is wrong with them, and never show a value when something is', () => {
    const name = fc.stringMatching(/^[a-z-]{1,12}$/);
    const headers = fc.dictionary(fc.oneof(name, fc.string()), fc.string({ minLength: 4 }), { maxKeys: 4 });
    fc.assert(
      fc.property(headers, (given) => {
        const problems = checkCustomHeaders(given);
        if (problems.length === 0) readHeaders(given);
        return problems.every(({ message }) => /^[\w ]+$/.test(message));
      }),
    );
  });
});
