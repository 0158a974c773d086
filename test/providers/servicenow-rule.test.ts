import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signBody, verifySignature } from '../../src/lib/signature.js';
import { comment, draft, options, ref } from './drafts.js';
import { openServiceNow, type ServiceNowHarness } from './servicenow-harness.js';

const secret = 'canary-webhook-secret-of-32-characters';
const properties: Record<string, string> = {
  'drawbridge.webhook_url': 'https://drawbridge.example/api/v1/webhooks/servicenow',
  'drawbridge.webhook_secret': secret,
};

interface Sent {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string;
}

/** The script of the admin's page. */
async function scriptOfDocs(): Promise<string> {
  const page = await readFile(new URL('../../docs/guides/trackers/servicenow.md', import.meta.url), 'utf8');
  const script = /```js\n([\s\S]*?)```/.exec(page)?.[1];
  if (!script) throw new Error('docs/guides/trackers/servicenow.md has no script.');
  return script;
}

/** As much of ServiceNow's server side as the script asks for. */
function glide(harness: ServiceNowHarness, number: string, given = properties) {
  const { fake } = harness;
  const sent: Sent[] = [];
  const warnings: string[] = [];
  const record = fake.record(number);
  class GlideDateTime {
    private ms: number;
    constructor(text: string) {
      this.ms = Date.parse(`${text.replace(' ', 'T')}Z`);
    }
    addSeconds(seconds: number) {
      this.ms += seconds * 1000;
    }
    getValue() {
      return new Date(this.ms).toISOString().slice(0, 19).replace('T', ' ');
    }
  }
  class GlideRecord {
    private rows: Record<string, string>[] = fake.journal(number).toReversed();
    private at = -1;
    addQuery(field: string, operator: string, value = operator) {
      const holds = (held: string) =>
        operator === 'IN' ? value.split(',').includes(held) : operator === '>=' ? held >= value : held === value;
      this.rows = this.rows.filter((row) => holds(row[field] ?? ''));
    }
    orderByDesc(field: string) {
      this.rows = this.rows.toSorted((a, b) => ((a[field] ?? '') < (b[field] ?? '') ? 1 : 0));
    }
    setLimit(limit: number) {
      this.rows = this.rows.slice(0, limit);
    }
    query() {
      this.at = -1;
    }
    next() {
      this.at += 1;
      return this.at < this.rows.length;
    }
    getValue(field: string) {
      return this.rows[this.at]?.[field] ?? null;
    }
  }
  class RESTMessageV2 {
    private readonly message: Sent = { url: '', method: '', headers: {}, body: '' };
    setEndpoint = (url: string) => (this.message.url = url);
    setHttpMethod = (method: string) => (this.message.method = method);
    setHttpTimeout = () => undefined;
    setRequestHeader = (name: string, value: string) => (this.message.headers[name] = value);
    setRequestBody = (body: string) => (this.message.body = body);
    execute = () => {
      sent.push(this.message);
      return { getStatusCode: () => 503 };
    };
  }
  class GlideCertificateEncryption {
    generateMac(key: string, _algorithm: string, data: string) {
      return createHmac('sha256', Buffer.from(key, 'base64')).update(data).digest('base64');
    }
  }
  const context = {
    gs: { getProperty: (name: string, or: string) => given[name] ?? or, warn: (text: string) => warnings.push(text) },
    current: {
      getValue: (field: string) => record[field] ?? null,
      getUniqueValue: () => record.sys_id,
      getTableName: () => 'incident',
    },
    GlideStringUtil: { base64Encode: (text: string) => Buffer.from(text).toString('base64') },
    sn_ws: { RESTMessageV2 },
    GlideDateTime,
    GlideRecord,
    GlideCertificateEncryption,
  };
  return { context, sent, warnings };
}

describe('servicenow: the business rule of the docs', () => {
  let harness: ServiceNowHarness;
  let number: string;
  let script: string;
  beforeEach(async () => {
    harness = await openServiceNow();
    script = await scriptOfDocs();
    const of = draft();
    const ticket = await harness.provider.create(of, { ...options(), sentAt: null });
    number = ticket.externalId;
    await harness.provider.comment(ref(of, number, ticket.externalRef), comment({ key: 'cmt_9' }), options());
    harness.fake.addForeignComment(number, 'Zürich 🔐 says "no" \u2028 \\ok', { author: 'beth.anglin' });
    harness.fake.setState(number, '2');
  });
  afterEach(() => harness.close());

  it('signs the bytes that it sends, and they are read as what happened', () => {
    const { context, sent, warnings } = glide(harness, number);
    runInNewContext(script, context);
    const [message] = sent;
    expect(message).toMatchObject({ url: properties['drawbridge.webhook_url'], method: 'post' });
    expect(message?.body).toMatch(/^[\x20-\x7e]+$/);
    expect(verifySignature(Buffer.from(message?.body ?? ''), message?.headers['X-Signature'], secret)).toBe(true);
    const change = harness.tracker.read(JSON.parse(message?.body ?? ''), () => undefined);
    expect(change).toMatchObject({
      ticket: { externalId: number, externalRef: harness.fake.record(number).sys_id },
      status: { id: '2', name: 'In Progress', isDone: false },
      comments: [{ ours: 'cmt_9' }, { ours: null, author: 'beth.anglin', body: 'Zürich 🔐 says "no" \n \\ok' }],
    });
    expect(warnings).toEqual([`Drawbridge: answered 503 for ${number}; polling will find it.`]);
  });

  it('says what our fake of it says', () => {
    const { context, sent } = glide(harness, number);
    harness.fake.sendWebhooksTo({ url: 'http://127.0.0.1:9/', secret });
    harness.fake.holdWebhooks();
    harness.fake.setState(number, '3');
    runInNewContext(script, context);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual(harness.fake.webhooks.at(-1)?.payload);
  });

  it('leaves out what is too long for one call, the oldest first', () => {
    for (const letter of ['a', 'b', 'c']) harness.fake.addForeignComment(number, letter.repeat(60_000));
    const { context, sent } = glide(harness, number);
    runInNewContext(script, context);
    expect(sent[0]?.body.length).toBeLessThan(200_000);
    const { comments } = JSON.parse(sent[0]?.body ?? '') as { comments: { value: string }[] };
    expect(comments.map(({ value }) => value[0])).toEqual(['b', 'c']);
  });

  it('sends nothing without a secret, and says so', () => {
    const { context, sent, warnings } = glide(harness, number, { ...properties, 'drawbridge.webhook_secret': '' });
    runInNewContext(script, context);
    expect(sent).toEqual([]);
    expect(warnings).toHaveLength(1);
  });

  it('makes the same signature as everybody', () => {
    const { context, sent } = glide(harness, number);
    runInNewContext(script, context);
    expect(sent[0]?.headers['X-Signature']).toBe(signBody(sent[0]?.body ?? '', secret));
  });
});
