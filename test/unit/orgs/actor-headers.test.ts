import { describe, expect, it } from 'vitest';
import { actingActor, fromHeader } from '../../../src/auth/actor-headers.js';

const own = { id: 'key_1', name: 'Gateway', via: 'key_1' };
const named = (actorId?: string, actorName?: string, mayAct = true) => actingActor(own, mayAct, { actorId, actorName });

describe('X-Actor-Id and X-Actor-Name', () => {
  it('leave the own actor alone when absent', () => {
    expect(named(undefined, undefined, false)).toEqual(own);
  });

  it('name the person, and keep the key as via', () => {
    expect(named('u-1', 'Ada')).toEqual({ id: 'u-1', name: 'Ada', via: 'key_1' });
    expect(named('u-1')).toEqual({ id: 'u-1', name: 'u-1', via: 'key_1' });
  });

  it('are refused from a key without may_act', () => {
    expect(() => named('u-1', undefined, false)).toThrow(expect.objectContaining({ status: 403 }));
    expect(() => named(undefined, 'Ada', false)).toThrow(expect.objectContaining({ status: 403 }));
  });

  it.each([
    [undefined, 'Ada'],
    ['', undefined],
    ['x'.repeat(201), undefined],
    ['u-1', 'x'.repeat(201)],
    ['u\u00001', undefined],
    ['u-1', 'A\tda'],
    ['u\u0085', undefined],
  ])('are refused as %j, %j', (id, name) => {
    expect(() => named(id, name)).toThrow(expect.objectContaining({ status: 422 }));
  });

  it('say that a name without an id lacks the id', () => {
    expect(() => named(undefined, 'Ada')).toThrow('X-Actor-Id: is required with X-Actor-Name');
  });

  it('are read as UTF-8 where they are, and as Latin-1 otherwise', () => {
    expect(fromHeader(Buffer.from('Zoë 🦆').toString('latin1'))).toBe('Zoë 🦆');
    expect(fromHeader('Zoë')).toBe('Zoë');
  });
});
