import { createElement } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { attempt, noErrors, type FormErrors } from '../../../src/console/forms/errors.js';
import { FieldError, optionsOf, type FormValues } from '../../../src/console/forms/field.js';
import { Fields } from '../../../src/console/forms/fields.js';
import { defineForm, postedForm, type Form } from '../../../src/console/forms/form.js';
import { unprocessable } from '../../../src/http/problem.js';

const form = defineForm([
  { name: 'name', label: 'Name', kind: 'text', required: true, maxLength: 20 },
  { name: 'settings.rate', label: 'Rate', kind: 'number', help: 'Per second.' },
  { name: 'settings.zone', label: 'Zone', kind: 'select', options: optionsOf(['a', 'b']) },
  { name: 'token', label: 'Token', kind: 'password', writeOnly: true, empty: 'omit', path: 'secrets.token' },
  { name: 'labels', label: 'Labels', kind: 'lines', rows: 3, onlyIfChanged: true },
  { name: 'on', label: 'When', kind: 'checkboxes', required: true, options: optionsOf(['created', 'resolved']) },
  { name: 'enabled', label: 'On', kind: 'checkbox' },
  { name: 'match', label: 'Match', kind: 'json', rows: 4 },
  { name: 'due', label: 'Due', kind: 'datetime', offsetName: 'due_offset' },
  { name: 'place', label: 'Place', kind: 'number', path: null },
]);

const typed = {
  name: ' Ada ',
  'settings.rate': '7',
  'settings.zone': 'b',
  token: ' s3cret',
  labels: 'x\r\n\r\n y ',
  enabled: 'on',
  match: '{ "risk": 1 }',
  due: '2026-05-01T12:00',
  due_offset: '-540',
  place: '2',
};

/** As a browser sends it. */
const read = (more: Record<string, string> = {}, on = ['created']): FormValues => {
  const body = new URLSearchParams({ ...typed, ...more });
  for (const moment of on) body.append('on', moment);
  return form.read(postedForm(body));
};

async function errorsOf(run: () => unknown, embedPath?: string): Promise<FormErrors> {
  const done = await attempt(
    async () => Promise.resolve(run()),
    (problem) => form.errorsOf(problem, embedPath),
  );
  if ('value' in done) throw new Error('It was not refused.');
  return done.errors;
}

const html = (values: FormValues, errors: FormErrors = noErrors, shown: Form = form) =>
  renderToString(createElement(Fields, { state: { form: shown, values, errors } }));

describe('a form', () => {
  it('converts what was typed to the body of the API', () => {
    expect(form.body(read())).toEqual({
      name: 'Ada',
      settings: { rate: 7, zone: 'b' },
      secrets: { token: ' s3cret' },
      labels: ['x', 'y'],
      on: ['created'],
      enabled: true,
      match: { risk: 1 },
      due: '2026-05-01T03:00:00.000Z',
    });
  });

  it('leaves out an empty secret but not the object around it, and sends null for an empty number and time', () => {
    const body = form.body(read({ token: '', 'settings.rate': '', due: '' }));
    expect(body).toMatchObject({ secrets: {}, settings: { rate: null }, due: null });
  });

  it('leaves out a field that equals the stored one, if the field says so', () => {
    expect(form.body(read(), { stored: read() })).not.toHaveProperty('labels');
    expect(form.body(read({ labels: 'z' }), { stored: read() })).toMatchObject({ labels: ['z'] });
  });

  it('refuses with its own messages and those of the schema, one source for each field', async () => {
    const schema = z.object({
      name: z.string().max(3, 'is too long'),
      settings: z.object({ rate: z.number('must be a number'), zone: z.literal('a', 'must be a') }),
      labels: z.array(z.string().max(1, 'is too long')),
    });
    const values = read({ name: 'Adalbert', 'settings.rate': 'fast', labels: 'a\nbb', match: '{' }, []);
    const { fields, summary } = await errorsOf(() => form.parse(schema, values));
    expect(summary).toBeNull();
    expect(Object.fromEntries(fields)).toEqual({
      name: ['is too long'],
      'settings.rate': ['must be a whole number'],
      'settings.zone': ['must be a'],
      labels: ['line 2: is too long'],
      on: ['must have at least one selected'],
      match: [expect.stringMatching(/^is not JSON: /)],
    });
  });

  it('checks with the schema what could be read of a field that it refuses itself', async () => {
    const headers = defineForm([
      {
        name: 'headers',
        label: 'Headers',
        kind: 'textarea',
        rows: 3,
        parse: () => {
          throw new FieldError(['need a colon on line 2'], { Host: 'a' });
        },
      },
    ]);
    const schema = z.object({ headers: z.strictObject({ Host: z.literal('b', 'is not allowed') }) });
    const refused = await attempt(
      async () => Promise.resolve(headers.parse(schema, { headers: 'Host: a\nx' })),
      headers.errorsOf,
    );
    expect('errors' in refused && refused.errors.fields.get('headers')).toEqual([
      'need a colon on line 2',
      'Host is not allowed',
    ]);
  });

  it('checks one entry of a list within the whole list', async () => {
    const schema = z.object({ channels: z.array(z.object({ name: z.string().max(3, 'is too long') })) });
    const embed = { path: 'channels[1]', body: (channel: object) => ({ channels: [{ name: 'Eve' }, channel] }) };
    expect(form.parse(schema, read(), { embed })).toEqual({ channels: [{ name: 'Eve' }, { name: 'Ada' }] });
    const { fields } = await errorsOf(() => form.parse(schema, read({ name: 'Adalbert' }, []), { embed }), embed.path);
    expect([...fields.keys()]).toEqual(['on', 'name']);
  });

  it('assigns an error of the API to the field that holds its path, in a list as well, and keeps others by path', async () => {
    const refuse = () => {
      throw unprocessable([
        { path: 'channels[2].on[1]', message: 'must be a moment' },
        { path: 'channels[2].match.$or[1].risk', message: 'must be a number' },
        { path: 'channels[2].secrets.token', message: 'must be sent again' },
        { path: 'channels[1].name', message: 'is too long' },
      ]);
    };
    expect(Object.fromEntries((await errorsOf(refuse, 'channels[2]')).fields)).toEqual({
      on: ['must be a moment'],
      match: ['› $or › no. 2 › risk must be a number'],
      token: ['must be sent again'],
      'channels[1].name': ['is too long'],
    });
  });

  it('finds what differs from the stored values, whatever their white space, and never names a secret', () => {
    const values = read({ match: '{"risk":1}', token: 'other', name: 'Eve', place: '3' }, ['created', 'resolved']);
    expect(form.differences(read(), values)).toEqual([
      { field: 'Name', stored: 'Ada', typed: 'Eve' },
      { field: 'When', stored: 'created', typed: 'created, resolved' },
      { field: 'Place', stored: '2', typed: '3' },
    ]);
  });
});

describe('the controls of a form', () => {
  it('show what was typed, as text, and no secret', () => {
    const page = html(read({ name: '"><script>', labels: '</textarea>' }));
    expect(page).toContain('value="&quot;>&lt;script>"');
    expect(page).toContain('&lt;/textarea></textarea>');
    expect(page).not.toContain('s3cret');
    expect(page).toContain('Type it once more: it is never shown.');
    expect(page).toMatch(/<option selected value="b">|<option value="b" selected>/);
    expect(page).toMatch(/<input type="checkbox" name="on" value="created" checked/);
    expect(page).not.toMatch(/value="resolved" checked/);
    expect(page).toContain('<input type="hidden" name="due_offset" id="due_offset" value="-540"/>');
  });

  it('name their errors and their help', () => {
    const page = html(read(), { summary: null, fields: new Map([['settings.rate', ['is too high', 'is odd']]]) });
    expect(page).toContain('aria-describedby="settings.rate-error settings.rate-help"');
    expect(page).toContain('aria-invalid="true"');
    expect(page).toContain('<div id="settings.rate-error"><p class="error">Rate is too high; is odd</p></div>');
    expect(page).toContain('<p class="help" id="settings.rate-help">Per second.</p>');
  });
});
