import { describe, expect, it } from 'vitest';
import { applyFieldMap } from '../../src/integrations/field-map.js';
import { draft } from './drafts.js';

describe('a field map', () => {
  const of = draft({
    title: 'A {url} title',
    url: 'https://bridge.example/esc_1',
    metadata: {
      subject_type: 'escalation',
      subject_id: 'esc_1',
      severity: 'high',
      gateway: 'gw',
      actor: null,
      policy: null,
      reason: null,
    },
  });

  it.each([
    ['{gateway}', 'gw'],
    ['{gateway}/{severity} of {org_id}', 'gw/high of acme'],
    ['{subject_type} {subject_id}', 'escalation esc_1'],
    ['by {actor}!', 'by !'],
    ['{nothing} {TITLE} {}', '{nothing} {TITLE} {}'],
    ['{nothing}', '{nothing}'],
    ['{title}', 'A {url} title'],
    [
      { value: '{gateway}', child: { id: 7 } },
      { value: 'gw', child: { id: 7 } },
    ],
    [
      ['{gateway}', '{actor}', true, null],
      ['gw', true, null],
    ],
    [{ value: 'x', by: '{actor}' }, { value: 'x' }],
    [{}, {}],
    [0, 0],
    [null, null],
  ])('gives %j as %j', (value, expected) => {
    expect(applyFieldMap({ field: value }, of)).toEqual({ field: expected });
  });

  it.each(['{actor}', { name: '{actor}' }, { name: { id: '{policy}' } }])(
    'leaves %j out where there is none',
    (value) => {
      expect(applyFieldMap({ field: value, other: 1 }, of)).toEqual({ other: 1 });
    },
  );

  it('changes no field’s name, and not the map', () => {
    const map = Object.freeze({ '{gateway}': Object.freeze(['{gateway}']), __proto__x: 'y' });
    expect(applyFieldMap(map, of)).toEqual({ '{gateway}': ['gw'], __proto__x: 'y' });
  });
});
