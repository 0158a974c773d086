import { UnreadableChange, type TrackerComment, type RemoteChange } from '../tracker-side.js';
import { commentOf } from './journal.js';
import { field, isRow, isSysId, timeOf } from './rows.js';
import { statusOf } from './states.js';

const maxIdLength = 255;

/**
 * Reads what the business rule of docs/guides/trackers/servicenow.md sends: `{event_id, sys_id, number, state, sys_updated_on,
 * comments?: [{sys_id, element, value, sys_created_on, sys_created_by}]}`, every value a string, times as `YYYY-MM-DD
 * HH:MM:SS` in UTC.
 * @throws UnreadableNews
 */
export function readRemoteChange(body: unknown): RemoteChange {
  if (!isRow(body)) throw new UnreadableChange('', 'must be an object');
  const sysId = field(body, 'sys_id');
  const number = field(body, 'number');
  if (sysId !== '' && !isSysId(sysId)) throw new UnreadableChange('sys_id', 'must be 32 hexadecimal digits');
  if (sysId === '' && number === '') throw new UnreadableChange('sys_id', 'is missing, and so is number');
  const state = field(body, 'state');
  return {
    ticket: { externalId: text(number, 'number'), externalRef: sysId === '' ? null : sysId.toLowerCase() },
    eventId: text(field(body, 'event_id'), 'event_id'),
    occurredAt: updatedOn(field(body, 'sys_updated_on')),
    status: text(state, 'state') === null ? null : statusOf(state),
    comments: commentsOf(body.comments),
  };
}

/** Null for an empty text. */
function text(value: string, path: string): string | null {
  if (value.length > maxIdLength) throw new UnreadableChange(path, `must be ${maxIdLength} characters at most`);
  return value === '' ? null : value;
}

function updatedOn(value: string): Date | null {
  const at = timeOf(value);
  if (at === null && value !== '') throw new UnreadableChange('sys_updated_on', 'must be YYYY-MM-DD HH:MM:SS, in UTC');
  return at;
}

function commentsOf(value: unknown): TrackerComment[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new UnreadableChange('comments', 'must be a list');
  return value.flatMap((entry: unknown, index) => {
    const path = `comments[${index}]`;
    if (!isRow(entry)) throw new UnreadableChange(path, 'must be an object');
    if (!isSysId(field(entry, 'sys_id'))) throw new UnreadableChange(`${path}.sys_id`, 'must be 32 hexadecimal digits');
    return commentOf(entry) ?? [];
  });
}
