import { expect, it } from 'vitest';
import { commentText, journalText, markOf, oursIn, plain } from '../../../src/integrations/servicenow/text.js';

it.each([
  ['[code]<b>a</b> &amp; b[/code] c', 'a & b c'],
  ['[CODE]a[/Code][code]<p>b</p>[/code]', 'ab'],
  ['[code][code]<i>a</i>[/code]', '[code]a'],
  ['[code]a[/code] [code]never closed <b>', 'a [code]never closed <b>'],
  ['[/code] a', '[/code] a'],
  ['İ [code]<b>a</b>[/code]', 'İ a'],
])('reads %j in a journal as %j', (entry, text) => {
  expect(journalText(entry)).toBe(text);
});

it.each([
  ['[code]x[/code]', '[ code]x[ /code]'],
  ['[ / CODE\n]', '[  / CODE\n]'],
  ['[/ /code] [co de] [xcode] code] [code', '[/ /code] [co de] [xcode] code] [code'],
  ['[code[code]', '[code[ code]'],
])('writes %j as %j', (text, written) => {
  expect(plain(text)).toBe(written);
});

it('knows its own comments, whatever blanks follow them', () => {
  const comment = { key: 'k', id: 'cmt_1', author: 'Ada', body: 'Hello', occurredAt: new Date(0) };
  const text = commentText(comment, 'cmt_1');
  expect(oursIn(`${text}\n \n`)).toBe('cmt_1');
  expect(journalText(`${text}\n \n`)).toBe('Ada (Drawbridge):\nHello');
  expect(oursIn(`An answer.\n\n${text}`)).toBeNull();
  expect(oursIn(`${markOf('cmt_1')} quoted`)).toBeNull();
});
