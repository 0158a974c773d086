import { describe, expect, it } from 'vitest';
import { readRemoteChange } from '../../src/integrations/servicenow/remote-change.js';
import { UnreadableChange } from '../../src/integrations/tracker-side.js';

const sysId = 'a1'.repeat(16);
const entry = (value: string, further: Record<string, unknown> = {}) => ({
  sys_id: 'b2'.repeat(16),
  element: 'comments',
  value,
  sys_created_on: '2026-01-01 10:00:01',
  sys_created_by: 'beth.anglin',
  ...further,
});
const body = (further: Record<string, unknown> = {}) => ({
  event_id: `${sysId}:3`,
  sys_id: sysId,
  number: 'INC0010001',
  state: '2',
  sys_updated_on: '2026-01-01 10:00:02',
  ...further,
});
const commentIn = (value: string) => readRemoteChange(body({ comments: [entry(value)] })).comments[0];

describe('servicenow: reading a webhook', () => {
  it('knows the ticket, the event, the status and its time in UTC', () => {
    expect(readRemoteChange(body())).toEqual({
      ticket: { externalId: 'INC0010001', externalRef: sysId },
      eventId: `${sysId}:3`,
      occurredAt: new Date('2026-01-01T10:00:02.000Z'),
      status: { id: '2', name: 'In Progress', isDone: false },
      comments: [],
    });
  });

  it.each([
    ['1', 'New', false],
    ['3', 'On Hold', false],
    ['6', 'Resolved', true],
    ['7', 'Closed', true],
    ['8', 'Canceled', true],
    ['-5', '-5', false],
  ])('calls state %s %s', (state, name, isDone) => {
    expect(readRemoteChange(body({ state })).status).toEqual({ id: state, name, isDone });
  });

  it('takes a reference for its value, and leaves open what was not said', () => {
    const change = readRemoteChange({
      sys_id: { link: 'https://x.example', value: sysId },
      number: 'INC1',
      comments: null,
    });
    expect(change).toEqual({
      ...{ ticket: { externalId: 'INC1', externalRef: sysId }, eventId: null, occurredAt: null },
      ...{ status: null, comments: [] },
    });
  });

  it('reads comments and work notes, and no other journal', () => {
    const comments = [
      entry('one'),
      entry('two', { element: 'work_notes' }),
      entry('three', { element: 'approval_history' }),
      entry('  \n '),
    ];
    expect(readRemoteChange(body({ comments })).comments.map(({ body: text }) => text)).toEqual(['one', 'two']);
    expect(commentIn('one')).toEqual({
      externalCommentId: 'b2'.repeat(16),
      author: 'beth.anglin',
      body: 'one',
      at: new Date('2026-01-01T10:00:01.000Z'),
      isEdited: false,
      ours: null,
    });
  });

  it('knows our own comments by the mark at their end, and takes it off', () => {
    expect(commentIn('Ada (Drawbridge):\nDone.\n\n[drawbridge:cmt_1]\n')).toMatchObject({
      ours: 'cmt_1',
      body: 'Ada (Drawbridge):\nDone.',
    });
    expect(commentIn('Done.\n[drawbridge:cmt_1]')).toMatchObject({ ours: 'cmt_1', body: 'Done.' });
    expect(commentIn('Ada (Drawbridge):\nI saw\n[drawbridge:cmt_0]\n\n[drawbridge:cmt_1]')?.ours).toBe('cmt_1');
  });

  it.each([
    'I saw [drawbridge:cmt_1] there',
    '[drawbridge:cmt_1]\nis what it said',
    'See > [drawbridge:cmt_1]',
    '[drawbridge:]',
    'No, not done.\n\nFrom: Drawbridge\n\nAda (Drawbridge):\nDone.\n\n[drawbridge:cmt_1]',
  ])('takes a text that only speaks of one for a comment of theirs: %j', (text) => {
    expect(commentIn(text)).toMatchObject({ ours: null, body: text });
  });

  it('makes readable text of HTML', () => {
    const html = '[code]<p>Hello <b>you</b> &amp; me</p><ul><li>one</li><li>two</li></ul><script>x()</script>[/code]!';
    expect(commentIn(html)?.body).toBe('Hello you & me\n- one\n- two\n!');
  });

  it.each([
    [null, ''],
    ['text', ''],
    [[], ''],
    [{}, 'sys_id'],
    [body({ sys_id: '../../x' }), 'sys_id'],
    [body({ number: 'I'.repeat(256) }), 'number'],
    [body({ event_id: 'e'.repeat(256) }), 'event_id'],
    [body({ sys_updated_on: '01.01.2026' }), 'sys_updated_on'],
    [body({ sys_updated_on: '2026-13-01 10:00:00' }), 'sys_updated_on'],
    [body({ comments: 'none' }), 'comments'],
    [body({ comments: ['x'] }), 'comments[0]'],
    [body({ comments: [entry('a'), entry('b', { sys_id: '1' })] }), 'comments[1].sys_id'],
  ])('refuses %j, naming %j', (value, path) => {
    const read = () => readRemoteChange(value);
    expect(read).toThrow(UnreadableChange);
    expect(read).toThrow(expect.objectContaining({ path }));
  });
});
