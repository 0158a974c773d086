import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** What a name server says of a name. `silent`: it never answers, as a tarpit. */
export type FakeAnswer = { a?: string[]; aaaa?: string[]; ttl?: number } | 'nxdomain' | 'servfail' | 'silent';

export interface FakeDns {
  /** As DNS_SERVERS has it. */
  address: string;
  /** Of a name, or of all in a zone (`*.zone`). A name without a rule is `nxdomain`. */
  set: (name: string, answer: FakeAnswer) => void;
  /** The queries that have come, such as `receiver.example A`. */
  queries: string[];
  close: () => Promise<void>;
}

const types = new Map([
  [1, 'A'],
  [28, 'AAAA'],
]);

/** A name server on a real UDP socket. */
export async function startFakeDns(rules: Record<string, FakeAnswer> = {}): Promise<FakeDns> {
  const answers = new Map(Object.entries(rules));
  const queries: string[] = [];
  const socket = createSocket('udp4');

  function ruleFor(name: string): FakeAnswer {
    const labels = name.split('.');
    const zones = labels.map((_, at) => `*.${labels.slice(at + 1).join('.')}`);
    const rule = [name, ...zones].find((candidate) => answers.has(candidate));
    return answers.get(rule ?? '') ?? 'nxdomain';
  }

  socket.on('message', (query, { address, port }) => {
    const { name, type, question } = readQuestion(query);
    queries.push(`${name} ${types.get(type) ?? String(type)}`);
    const rule = ruleFor(name);
    if (rule !== 'silent') socket.send(answerTo(query, question, type, rule), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');

  return {
    address: `127.0.0.1:${socket.address().port}`,
    set: (name, answer) => void answers.set(name, answer),
    queries,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

const headLength = 12;

function readQuestion(query: Buffer) {
  const labels: string[] = [];
  let at = headLength;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += 1 + length;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), question: query.subarray(headLength, at + 5) };
}

function answerTo(query: Buffer, question: Buffer, type: number, rule: Exclude<FakeAnswer, 'silent'>): Buffer {
  const codes = { nxdomain: 3, servfail: 2 };
  const records = typeof rule === 'string' ? [] : recordsOf(type, rule);
  const head = Buffer.alloc(headLength);
  query.copy(head, 0, 0, 2);
  // A response, with recursion desired and available.
  head.writeUInt16BE(0x8180 | (typeof rule === 'string' ? codes[rule] : 0), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, question, ...records]);
}

function recordsOf(type: number, { a = [], aaaa = [], ttl = 60 }: Exclude<FakeAnswer, string>): Buffer[] {
  const data = type === 1 ? a.map(bytes4) : type === 28 ? aaaa.map(bytes16) : [];
  return data.map((bytes) => {
    const head = Buffer.alloc(12);
    // The name is that of the question.
    head.writeUInt16BE(0xc000 | headLength, 0);
    head.writeUInt16BE(type, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt32BE(ttl, 6);
    head.writeUInt16BE(bytes.length, 10);
    return Buffer.concat([head, bytes]);
  });
}

const bytes4 = (address: string) => Buffer.from(address.split('.').map(Number));

/** With `::` in it, or all eight groups. */
function bytes16(address: string): Buffer {
  const [before = '', after = ''] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const zeros = Array.from({ length: 8 - groups(before).length - groups(after).length }, () => '0');
  const all = [...groups(before), ...zeros, ...groups(after)];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
