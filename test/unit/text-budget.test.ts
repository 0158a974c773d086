import { describe, expect, it } from 'vitest';
import { reviseComment } from '../../activities/tickets/comment-edit.js';
import { cut, oneLine as printableLine, printable, redact, textWidth } from '../../src/cli/output/text.js';
import { fieldMap } from '../../src/integrations/connections/maps.js';
import { parseStatusMap } from '../../src/console/connections/maps.js';
import { localPath } from '../../src/console/session/origin.js';
import { canonicalJson } from '../../src/lib/canonical-json.js';
import { checkCustomHeaders } from '../../src/http/client/custom-headers.js';
import { escapeLine, quote } from '../../src/escalations/markdown.js';
import { conditionsOf, valuesAt } from '../../src/escalations/policies/conditions.js';
import { matchProblems } from '../../src/escalations/policies/match.js';
import { splitTerms } from '../../src/escalations/search-terms.js';
import { isDeeperThan } from '../../src/lib/json-depth.js';
import { checkIfMatch } from '../../src/http/etag.js';
import { parseJsonBody } from '../../src/http/json.js';
import { formatPagerDuty } from '../../src/notifications/pagerduty/format.js';
import { formatSlack } from '../../src/notifications/slack/format.js';
import { formatTeams } from '../../src/notifications/teams/format.js';
import { formatWebhook } from '../../src/notifications/webhook/format.js';
import { linkUrl, oneLine } from '../../src/lib/display-text.js';
import { isWebUrl, parseUrl } from '../../src/lib/parse-url.js';
import { applyFieldMap } from '../../src/integrations/field-map.js';
import { timeOf } from '../../src/integrations/jira/time.js';
import { safeHref } from '../../src/integrations/jira/text/adf.js';
import { document, oneLine as jiraLine } from '../../src/integrations/jira/text/document.js';
import { readableText } from '../../src/integrations/jira/text/readable.js';
import { createRedactor } from '../../src/integrations/redact.js';
import { retryAfterMs } from '../../src/lib/retry-after.js';
import { commentText, descriptionOf, journalText, oursIn, titleLine } from '../../src/integrations/servicenow/text.js';
import { trackerMessage } from '../../src/integrations/tracker-message.js';
import { readAnswer } from '../../src/integrations/webhook/answer.js';
import { verifySignature } from '../../src/lib/signature.js';
import { readCursor } from '../../src/tickets/comments/thread.js';
import { isEndpointUrl } from '../../src/lib/endpoint-url.js';
import { hostileNotifications } from '../support/notifications.js';
import { markdownTexts, otherTexts } from '../support/hostile-texts.js';

/** What reads or writes text from outside, and the longest that it may return, in characters of JSON. */
interface Subject {
  run: (text: string) => unknown;
  maxResult?: number;
  /** The longest text that callers hand on, where that is short. */
  maxInput?: number;
  /** Whether only Markdown can make it slow. */
  isMarkdown?: true;
  /** For what cuts its input itself: a time that no text may take, however long. */
  maxMs?: number;
}

const redactor = createRedactor(['a-secret-token', 'https://a.example/hooks/secret-path']);
const comment = { key: 'k', id: 'cmt_1', author: 'Ada', body: '', occurredAt: new Date(0) };
const answer = (value: string) => ({ headers: {}, status: 200, complete: true, body: Buffer.from(value) });

function notification(text: string) {
  const [first] = hostileNotifications(text);
  if (first === undefined) throw new Error('There is no notification to format.');
  return first;
}

/** A document with the text in one node and in many, under lists and quotations, as a link and in a table. */
function adf(text: string): unknown {
  const parts = text.match(/.{1,16}/gsu) ?? [];
  const link = { type: 'text', text, marks: [{ type: 'link', attrs: { href: text } }] };
  let nested: object = { type: 'codeBlock', content: [{ type: 'text', text }] };
  for (let level = 0; level < 60; level++) {
    nested =
      level % 2 === 0
        ? { type: 'blockquote', content: [nested] }
        : { type: 'orderedList', attrs: { order: 123_456 }, content: [{ type: 'listItem', content: [nested] }] };
  }
  const cells = parts.map((word) => ({ type: 'tableCell', content: [{ type: 'text', text: word }] }));
  return {
    type: 'doc',
    version: 1,
    content: [
      nested,
      { type: 'paragraph', content: [link] },
      { type: 'table', content: [{ type: 'tableRow', content: cells }] },
    ],
  };
}

const draft = (text: string) => ({
  key: 'k',
  orgId: 'acme',
  linkId: 'tkt_1',
  title: text,
  description: text,
  url: 'https://bridge.example/1',
  severity: null,
  metadata: {
    subject_type: 'escalation' as const,
    subject_id: 'esc_1',
    severity: null,
    gateway: text,
    actor: text,
    policy: text,
    reason: text,
  },
  occurredAt: new Date(0),
});

const subjects: Record<string, Subject> = {
  // At most 36 ms where nothing else runs. micromark allocates much, so a busy machine takes it longer.
  'Markdown to ADF': { run: document, maxInput: 32_000, maxResult: 32_767, maxMs: 100, isMarkdown: true },
  'wiki text': { run: readableText, maxResult: 250_000, maxMs: 150 },
  'ADF to text': { run: (text) => readableText(adf(text)), maxResult: 250_000, maxMs: 150 },
  'ServiceNow journal': { run: journalText, maxResult: 250_000 },
  'ServiceNow journal in [code]': { run: (text) => journalText(`[code]${text}[/code]`), maxResult: 250_000 },
  'ServiceNow mark': { run: (text) => oursIn(`Ada (Drawbridge):\n${text}\n[drawbridge:${text}]${text}`) },
  'ServiceNow comment': { run: (text) => commentText({ ...comment, author: text, body: text }, 'cmt_1') },
  'ServiceNow title': { run: titleLine, maxResult: 400 },
  'ServiceNow description': { run: (text) => descriptionOf(draft(text)) },
  Slack: { run: (text) => formatSlack(notification(text)), maxInput: 16_384, maxResult: 50_000 },
  Teams: { run: (text) => formatTeams(notification(text)), maxInput: 16_384, maxResult: 28_000 },
  PagerDuty: { run: (text) => formatPagerDuty(notification(text)), maxInput: 16_384, maxResult: 60_000 },
  'webhook channel': { run: (text) => formatWebhook(notification(text), 'chn_1'), maxInput: 16_384 },
  'escalation quote': { run: (text) => quote(text, 10_000), maxResult: 40_000 },
  'escalation line': { run: escapeLine },
  'search words': { run: splitTerms },
  'one line': { run: (text) => [oneLine(text), jiraLine(text)] },
  'tracker error': { run: (text) => trackerMessage('HTTP 400', Buffer.from(text), redactor), maxResult: 3_100 },
  'tracker error in HTML': {
    run: (text) => trackerMessage('HTTP 400', Buffer.from(`<html>${text}`), redactor),
    maxResult: 3_100,
  },
  'tracker error in JSON': {
    run: (text) => trackerMessage('HTTP 400', Buffer.from(JSON.stringify({ errorMessages: [text] })), redactor),
    maxResult: 3_100,
  },
  redaction: { run: (text) => [redactor(text), redact(text, ['secret'])] },
  'receiver answer': {
    run: (text) => readAnswer(answer(JSON.stringify({ external_id: text, external_url: text }))),
    maxResult: 5_000,
  },
  'Retry-After': { run: (text) => [retryAfterMs(text), retryAfterMs(`Mon, ${text}`)] },
  'Jira time': { run: timeOf },
  'If-Match': { run: (text) => quietly(() => checkIfMatch(text, 1)) },
  'content type': {
    run: (text) => quietly(() => parseJsonBody(Buffer.from('{}'), `application/json; charset=${text}`)),
  },
  'JSON body': { run: (text) => quietly(() => parseJsonBody(Buffer.from(text), 'application/json')) },
  signature: { run: (text) => verifySignature(Buffer.from(text), text, 'secret') },
  cursor: { run: (text) => quietly(() => readCursor(Buffer.from(`[${text}`).toString('base64url'))) },
  'custom header': { run: (text) => checkCustomHeaders({ [text]: text, 'x-a': text }) },
  url: {
    run: (text) => [parseUrl, isWebUrl, isEndpointUrl, linkUrl, safeHref].map((read) => read(`https://${text}`)),
  },
  'local path': { run: (text) => [localPath(`/${text}`), localPath(`//${text}`)] },
  'field map': {
    run: (text) => applyFieldMap({ a: text, b: Array(300).fill('{reason}') }, draft(text)),
    maxResult: 7_000_000,
  },
  'field map input': { run: (text) => fieldMap.safeParse({ a: text, [text]: 1 }).success },
  'status map input': { run: (text) => quietly(() => parseStatusMap(text)) },
  'policy match': { run: (text) => matchProblems({ [text]: text, $or: [{ a: text }] }, 'match'), maxResult: 5_000 },
  'policy conditions': { run: (text) => conditionsOf({ [text]: text }) },
  'policy path': { run: (text) => valuesAt({ a: [{ b: text }] }, text, 5) },
  'JSON depth': { run: (text) => isDeeperThan(text, 500) },
  'canonical JSON': { run: (text) => canonicalJson({ [text]: text }) },
  'comment edit': {
    run: (text) =>
      reviseComment({ source: 'internal', author: text, body: text, earlier: [], edited_at: null } as never, {
        body: `${text}!`,
        at: new Date(0),
        isEdited: true,
      }),
  },
  terminal: { run: (text) => [printable(text), printableLine(text), cut(text, 80)] },
  'terminal columns': { run: textWidth, maxInput: 10_000 },
};

/** Errors of ours are an answer too. */
function quietly(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 100) : null;
  }
}

/** CPU time of this process, or time that passed, whichever is less: neither another process nor a collector's thread counts. */
function measured<T>(run: () => T): { result: T; ms: number } {
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  const result = run();
  const { user, system } = process.cpuUsage(cpu);
  return { result, ms: Math.min((user + system) / 1_000, performance.now() - start) };
}

/** The least of several runs, or the first one that is little enough. */
function leastMs(run: () => unknown, enoughMs: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let runs = 0; runs < 20 && least > enoughMs; runs++) least = Math.min(least, measured(run).ms);
  return least;
}

const [smallLength, largeLength] = [4 * 1024, 32 * 1024];
/** What is quadratic takes hundreds of milliseconds for the large text: less than this needs no second measurement. */
const clearlyLinearMs = 10;
/** Between 1, which is linear, and 8, which is quadratic. */
const maxGrowthPerByte = 4;

const grown = (texts: typeof markdownTexts) =>
  Object.entries(texts).map(([name, textOf]) => ({ name, small: textOf(smallLength), large: textOf(largeLength) }));
const markdown = grown(markdownTexts);
const all = [...markdown, ...grown(otherTexts)];

describe.each(Object.entries(subjects))('%s', (_name, { run, maxInput, maxResult, maxMs, isMarkdown }) => {
  it('takes time in proportion to its input at most, and returns no more than its limit', () => {
    for (const { name, small, large } of isMarkdown ? markdown : all) {
      const input = large.slice(0, maxInput);
      const { result, ms } = measured(() => run(input));
      const enoughMs = maxMs ?? clearlyLinearMs;
      if (ms > enoughMs) {
        const largeMs = leastMs(() => run(input), enoughMs);
        if (maxMs !== undefined) expect(largeMs, name).toBeLessThan(maxMs);
        else if (largeMs > enoughMs) {
          const smallMs = leastMs(() => run(small), 0);
          const growth = largeMs / input.length / (smallMs / smallLength);
          expect(growth, `${name}: ${smallMs} ms, then ${largeMs} ms`).toBeLessThan(maxGrowthPerByte);
        }
      }
      if (maxResult !== undefined) {
        expect(JSON.stringify(result).length, `${name}: the length of the result`).toBeLessThanOrEqual(maxResult);
      }
    }
  });
});

it.each<[string, () => unknown]>([
  ['[code] 43,000 times in a journal entry', () => journalText('[code]'.repeat(43_000))],
  [
    'URLs with many dots and parentheses in a comment for Jira',
    () => document(`https://a${'.'.repeat(1_365)}${')'.repeat(683)} `.repeat(15)),
  ],
])('%s takes less than 50 ms', (_name, run) => {
  expect(leastMs(run, 25)).toBeLessThan(50);
});

it('cuts what is far longer than any limit before it is read', () => {
  const text = `${'word '.repeat(400_000)}[code]x[/code]`;
  expect(JSON.stringify(document(text))).toMatch(/…"}]}]}$/);
  expect(journalText(text)).not.toContain('x');
  expect(readableText(text).length).toBeLessThan(100_000);
  expect(readableText(adf(text)).length).toBeLessThan(100_000);
  expect(parseUrl(`https://${'a'.repeat(2_000)}/`)).toBeNull();
});
