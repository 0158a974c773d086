import { hostilePage } from '../fake-tracker/list-habits.js';
import { isObject, type Served, type Received } from '../fake-service.js';
import { dataPolicy, noRecord, refusal } from './answers.js';
import type { Conditions, FakeRecord, ServiceNowMemory } from './memory.js';
import { runQuery } from './query.js';
import { tablePath } from './requests.js';

type Row = Record<string, string>;

export interface Instance {
  memory: ServiceNowMemory;
  conditions: Conditions;
  choices: Row[];
  /** Told of each change of a record. */
  changed: (record: FakeRecord) => void;
}

const references = ['caller_id', 'assignment_group'];
const onlyReadable = [
  'sys_id',
  'number',
  'priority',
  'sys_created_on',
  'sys_created_by',
  'sys_updated_on',
  'sys_mod_count',
];
const maxLengths: Record<string, number> = { short_description: 160, correlation_id: 100, correlation_display: 100 };

/** The Table API. @param user who asks */
export function serveTable(instance: Instance, received: Received, user: string): Served {
  const asked = tablePath(received.path);
  if (!asked) return refusal(400, 'Requested URI does not represent any resource', received.path);
  const { memory, choices } = instance;
  if (received.method === 'GET' && asked.sysId === null) {
    if (asked.table === memory.table) return list(instance, received, asked.table, memory.records);
    if (asked.table === 'sys_journal_field') return list(instance, received, asked.table, memory.journal);
    if (asked.table === 'sys_choice') return list(instance, received, asked.table, choices);
  }
  if (asked.table !== memory.table) return refusal(400, `Invalid table ${asked.table}`, null);
  if (asked.sysId === null) return received.method === 'POST' ? create(instance, received, user) : notAllowed();
  const record = memory.records.find(({ sys_id }) => sys_id === asked.sysId);
  if (!record) return noRecord();
  if (received.method === 'GET') return one(instance, received, 200, record, []);
  return received.method === 'PATCH' ? update(instance, received, record, user) : notAllowed();
}

const notAllowed = () => refusal(405, 'Method not allowed', null);

function list({ memory, conditions }: Instance, received: Received, table: string, all: readonly Row[]): Served {
  const params = paramsOf(received);
  const query = params.get('sysparm_query') ?? '';
  const known = new Set(all.flatMap((row) => Object.keys(row)));
  const knows = (field: string) => (all.length === 0 || known.has(field)) && !conditions.ignoredFields.includes(field);
  const isHidden = conditions.hiddenTables.includes(table);
  const isListed = ({ sys_id = '' }: Row) => table !== memory.table || memory.isListed(sys_id, conditions.searchLagMs);
  const listed = isHidden ? [] : all.filter(isListed);
  const { rows, ignored } = runQuery(listed, query, knows);
  const offset = Number(params.get('sysparm_offset') ?? '0');
  const limit = Number(params.get('sysparm_limit') ?? '10000');
  const faults = [
    ...ignored.map((term) => `a term of the query was ignored: ${term}`),
    ...(query.includes('correlation_id=^') || query.endsWith('correlation_id=')
      ? ['an empty correlation id was searched']
      : []),
    ...(params.has('sysparm_limit') ? [] : ['a list without a limit']),
    ...askedTooMuch(params),
  ];
  const page = rows.slice(offset, offset + limit).map((row) => presented(row, params, conditions));
  if (conditions.listHabit) {
    const { items } = hostilePage(conditions.listHabit, page);
    return { status: 200, body: { result: items }, headers: { 'x-total-count': '999999999999' }, faults };
  }
  return { status: 200, body: { result: page }, headers: { 'x-total-count': String(rows.length) }, faults };
}

function create(instance: Instance, received: Received, user: string): Served {
  const { values, faults } = valuesIn(instance, received);
  if (!values) return refusal(400, 'Exception while reading request', 'The payload is not valid JSON', faults);
  const refused = againstPolicy(instance, { ...values });
  if (refused) return refused;
  const record = instance.memory.create(values, user);
  instance.changed(record);
  return one(instance, received, 201, record, faults);
}

function update(instance: Instance, received: Received, record: FakeRecord, user: string): Served {
  const { values, faults } = valuesIn(instance, received);
  if (!values) return refusal(400, 'Exception while reading request', 'The payload is not valid JSON', faults);
  // Closed: 200, and nothing of it is kept.
  if (record.state === '7') return one(instance, received, 200, record, faults);
  const refused = againstPolicy(instance, { ...record, ...values });
  if (refused) return refused;
  if (instance.memory.update(record, values, user)) instance.changed(record);
  return one(instance, received, 200, record, faults);
}

function againstPolicy({ conditions, choices }: Instance, { state = '', close_code = '', close_notes = '' }: Row) {
  if (!conditions.closePolicy || !['6', '7'].includes(state)) return null;
  const missing = [...(close_code ? [] : ['Resolution code']), ...(close_notes ? [] : ['Resolution notes'])];
  if (missing.length > 0) return dataPolicy(`The following fields are mandatory: ${missing.join(', ')}`);
  const codes = choices.filter(({ element, inactive }) => element === 'close_code' && inactive === 'false');
  return codes.some(({ value }) => value === close_code) ? null : dataPolicy('Resolution code is not a valid choice');
}

/** What of a body is written; what an instance would ignore, cut or convert is a fault. */
function valuesIn({ conditions, memory }: Instance, { json, headers }: Received) {
  const faults = headers['content-type']?.startsWith('application/json') ? [] : ['a body that is not declared as JSON'];
  if (!isObject(json)) return { values: null, faults };
  const values: Row = {};
  for (const [field, value] of Object.entries(json)) {
    if (typeof value !== 'string') faults.push(`${field}: not a string`);
    if (!isField(memory, field)) faults.push(`${field}: no such field, it is ignored`);
    else if (onlyReadable.includes(field)) faults.push(`${field}: is not for writing`);
    else if (!conditions.unwritableFields.includes(field)) values[field] = cut(field, String(value), faults);
  }
  return { values, faults };
}

function cut(field: string, value: string, faults: string[]): string {
  const max = maxLengths[field] ?? Number.POSITIVE_INFINITY;
  if (value.length > max) faults.push(`${field}: ${value.length} characters, over ${max}`);
  if (field === 'short_description' && /[\r\n]/.test(value)) faults.push(`${field}: more than one line`);
  if (/\[code\]/i.test(value)) faults.push(`${field}: [code] makes HTML of what people wrote`);
  return value.slice(0, max);
}

const isField = (memory: ServiceNowMemory, field: string) =>
  ['comments', 'work_notes', ...Object.keys(blank)].includes(field) ||
  field.startsWith('u_') ||
  field in (memory.records[0] ?? {});

const blank = Object.fromEntries(
  [
    ...['short_description', 'description', 'correlation_id', 'correlation_display', 'caller_id', 'assignment_group'],
    ...['close_code', 'close_notes', 'impact', 'urgency', 'state', 'category', 'subcategory', ...onlyReadable],
  ].map((field) => [field, '']),
);

function one(
  { conditions }: Instance,
  received: Received,
  status: number,
  record: FakeRecord,
  faults: string[],
): Served {
  const params = paramsOf(received);
  const body = { result: presented(record, params, conditions) };
  return { status, body, faults: [...faults, ...askedTooMuch(params)] };
}

const askedTooMuch = (params: URLSearchParams) =>
  params.has('sysparm_fields') ? [] : ['the answer holds every field: sysparm_fields is not set'];

/** Journal fields read back empty; references are objects unless that is switched off. */
function presented(row: Row, params: URLSearchParams, { unreadableFields }: Conditions): Record<string, unknown> {
  const wanted = params.get('sysparm_fields')?.split(',');
  const all: Row = 'number' in row ? { ...row, comments: '', work_notes: '' } : row;
  const fields = Object.entries(all).filter(
    ([field]) => (!wanted || wanted.includes(field)) && !unreadableFields.includes(field),
  );
  const plain = params.get('sysparm_exclude_reference_link') === 'true';
  const isPlain = (field: string) => plain || !references.includes(field);
  return Object.fromEntries(
    fields.map(([field, value]) => [field, value === '' || isPlain(field) ? value : reference(value)]),
  );
}

const reference = (value: string): Record<string, unknown> => ({ link: `https://instance.example/${value}`, value });

const paramsOf = ({ path }: Received) => new URL(path, 'http://instance.example').searchParams;
