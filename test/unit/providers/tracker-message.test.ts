import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, secretsOfUrl } from '../../../src/integrations/redact.js';
import { trackerMessage } from '../../../src/integrations/tracker-message.js';

const asIs = (text: string) => text;
const summary = (body: unknown) =>
  trackerMessage('HTTP 400', Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), asIs);

describe("the tracker's words", () => {
  it.each<[string, unknown, string]>([
    ['a message', { message: 'No such project' }, 'HTTP 400: No such project'],
    ['a text', 'Out of\r\n\tpaper', 'HTTP 400: Out of paper'],
    ['nothing', '', 'HTTP 400, without an explanation.'],
    ['Jira', { errorMessages: ['No'], errors: { summary: 'is missing' } }, 'HTTP 400: No; summary: is missing'],
    ['ServiceNow', { error: { message: 'Failed', detail: 'Policy' }, status: 'failure' }, 'HTTP 400: Failed; Policy'],
    ['RFC 9457', { title: 'Bad', detail: 'Too bad', status: 400 }, 'HTTP 400: Bad; Too bad'],
    ['other JSON', { code: 7 }, 'HTTP 400: {"code":7}'],
    ['a page', '<html><style>p{}</style><body><h1>Sorry</h1>, no</body></html>', 'HTTP 400: Sorry , no'],
    ['a turn of direction', { message: 'a\u202eb\u0000c' }, 'HTTP 400: a b c'],
  ])('are found in %s', (_name, body, expected) => {
    expect(summary(body)).toBe(expected);
  });

  it('are one line of 500 characters at most, and well-formed, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 3000 }),
        fc.string({ unit: 'binary', maxLength: 600 }),
        (bytes, message) => {
          for (const body of [Buffer.from(bytes), Buffer.from(JSON.stringify({ message }))]) {
            const shown = trackerMessage('HTTP 400', body, asIs);
            expect(shown.length).toBeLessThanOrEqual(500);
            expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u);
          }
        },
      ),
    );
    expect(summary({ message: '🔐'.repeat(400) })).toMatch(/🔐…$/u);
  });

  it('take no time to speak of for a hostile answer', () => {
    const started = performance.now();
    for (const piece of ['<', '<script', 'bearer ', 'authorization:', '[', ' ', '{"message":']) {
      summary(piece.repeat(Math.floor(65_536 / piece.length)));
      const redact = createRedactor(['secret']);
      trackerMessage('HTTP 400', Buffer.from(piece.repeat(Math.floor(65_536 / piece.length))), redact);
    }
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('hold no secret, wherever in an answer it stands', () => {
    const secret = fc.string({ minLength: 8, maxLength: 60 });
    fc.assert(
      fc.property(secret, fc.nat(700), (key, at) => {
        fc.pre(!'[redacted] HTTP 400, without an explanation.'.includes(key.trim()) && key.trim().length >= 4);
        const redact = createRedactor([key]);
        const shown = trackerMessage(
          'HTTP 400',
          Buffer.from(JSON.stringify({ message: `${'x'.repeat(at)}${key}y` })),
          redact,
        );
        expect(shown).not.toContain(key);
      }),
    );
  });

  it('hold nothing of a URL but its scheme and host', () => {
    const url = new URL('https://user%40x:pass-word@hooks.example/services/T0000/abcdefgh?sig=querysecret&v=1');
    const redact = createRedactor(secretsOfUrl(url));
    const basic = Buffer.from('user@x:pass-word').toString('base64');
    const redacted = redact(
      `${url.href} /services/T0000/abcdefgh abcdefgh querysecret user@x pass-word ${basic} hooks.example`,
    );
    for (const part of ['user@x', 'pass-word', 'abcdefgh', 'querysecret', basic]) expect(redacted).not.toContain(part);
    expect(redacted).toContain('hooks.example');
  });

  it('still name basic authentication', () => {
    expect(createRedactor([])('Basic authentication is off')).toBe('Basic authentication is off');
  });
});
