import { describe, expect, it } from 'vitest';
import { parseJsonBody } from '../../../src/http/json.js';

const parse = (body: string | Buffer, type: string | undefined = 'application/json') =>
  parseJsonBody(Buffer.from(body as string), type);

describe('JSON bodies', () => {
  it('may be absent, whatever their type', () => {
    expect(parse('')).toEqual({});
    expect(parseJsonBody(Buffer.alloc(0), undefined)).toEqual({});
    expect(parse('', 'text/plain')).toEqual({});
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'are taken as %s',
    (type) => {
      expect(parse('{"a":1}', type)).toEqual({ a: 1 });
    },
  );

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    'application/json; charset=utf-16',
    '',
  ])('are refused as %j', (type) =>
    expect(() => parse('{"a":1}', type)).toThrow(expect.objectContaining({ status: 415 })),
  );

  it.each(['{', '{"a":1}x', "{'a':1}", 'NaN', Buffer.from([0x22, 0xff, 0x22]), Buffer.from([0x22, 0xc3, 0x22])])(
    'are refused when malformed: %j',
    (body) => expect(() => parse(body)).toThrow(expect.objectContaining({ status: 400, code: 'malformed_json' })),
  );

  it('do not reach a prototype through __proto__', () => {
    const parsed = parse('{"__proto__":{"polluted":true}}') as Record<string, unknown>;
    expect(parsed.polluted).toBeUndefined();
    expect(Object.keys(parsed)).toEqual(['__proto__']);
  });

  it('are not quoted in the refusal', () => {
    expect(() => parse('{"secret":"canary')).toThrow(
      expect.objectContaining({ detail: expect.not.stringContaining('canary') as string }),
    );
  });
});
