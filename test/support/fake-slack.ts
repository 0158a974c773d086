import { FakeService, isObject, objects, type Served, type Received } from './fake-service.js';

const plainText = { 'content-type': 'text/plain' };
const path = '/services/T0FAKE/B0FAKE/canary-slack-token';

/** A workspace's incoming webhook. */
export class FakeSlack extends FakeService {
  /** What somebody would be pinged by: mentions in mrkdwn. */
  readonly pings: string[] = [];
  /** What the channel shows. */
  readonly messages: { text: string; shown: string[]; links: string[] }[] = [];

  constructor() {
    super((received) => this.take(received));
  }

  get url(): string {
    return this.origin + path;
  }

  private take({ method, path: asked, json, headers }: Received): Served {
    if (method !== 'POST' || asked !== path) return answer(404, 'no_service');
    if (!headers['content-type']?.startsWith('application/json') || !isObject(json))
      return answer(400, 'invalid_payload');
    const faults = faultsOf(json);
    if (faults.length > 0) return answer(400, 'invalid_blocks', faults);
    const texts = objects(json.blocks).flatMap(textObjects);
    const marked = [
      String(json.text),
      ...texts.filter(({ type }) => type === 'mrkdwn').map(({ text }) => String(text)),
    ];
    this.pings.push(...marked.flatMap((text) => text.match(/<[!@#][^>]*>/g) ?? []));
    const links = marked.flatMap((text) => [...text.matchAll(/<(https?:[^>|]+)/g)].map(([, url = '']) => url));
    const shown = texts.map(({ text }) => String(text));
    this.messages.push({ text: String(json.text), shown, links: links.map((url) => url.replaceAll('&amp;', '&')) });
    return answer(200, 'ok');
  }
}

const answer = (status: number, body: string, faults: string[] = []): Served => ({
  status,
  body,
  headers: plainText,
  faults: status < 300 ? faults : [`HTTP ${status} ${body}`, ...faults],
});

type Json = Record<string, unknown>;

function faultsOf(message: Json): string[] {
  const blocks = objects(message.blocks);
  return [
    ...(typeof message.text === 'string' && message.text !== '' ? [] : ['no fallback text']),
    ...(blocks.length > 50 ? ['over 50 blocks'] : []),
    ...blocks.flatMap(blockFaults),
  ];
}

function blockFaults(block: Json): string[] {
  const { type, text, fields } = block;
  const sized = (max: number, part: unknown) => textFaults(String(type), part, max);
  if (type === 'header') {
    return [...(isObject(text) && text.type === 'plain_text' ? [] : ['header: not plain_text']), ...sized(150, text)];
  }
  if (type === 'section') {
    const many = objects(fields);
    if (text === undefined && many.length === 0) return ['section: neither text nor fields'];
    return [
      ...(text === undefined ? [] : sized(3000, text)),
      ...(many.length > 10 ? ['section: over 10 fields'] : []),
      ...many.flatMap((field) => sized(2000, field)),
    ];
  }
  if (type === 'context') return objects(block.elements).flatMap((element) => sized(3000, element));
  return [`a block of an unknown type: ${String(type)}`];
}

function textFaults(where: string, part: unknown, max: number): string[] {
  if (!isObject(part) || typeof part.text !== 'string') return [`${where}: no text`];
  if (part.type !== 'plain_text' && part.type !== 'mrkdwn') return [`${where}: an unknown kind of text`];
  if (part.text === '') return [`${where}: an empty text`];
  return part.text.length > max ? [`${where}: ${part.text.length} characters, over ${max}`] : [];
}

const textObjects = ({ text, fields, elements }: Json): Json[] => [
  ...objects([text]),
  ...objects(fields),
  ...objects(elements),
];
