import { trusted } from '../../src/db/schema-options.js';
import type { CommandDoc } from '../../src/tickets/commands/model.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { linkNotFound } from '../failures.js';
import { applyClose } from './close.js';
import { applyComment, keepUnpushed } from './comment.js';
import type { Try } from './context.js';
import { applyCreate } from './create.js';
import { applyInbound } from './inbound.js';
import { moveTo, settle } from './settle.js';
import type { DrainResult } from '../../workflows/contracts/ticket.js';

/** A drain ends after this time, so that operators see progress and a shutdown doesn't wait long. */
const maxRunMs = 60_000;
const batch = 50;

/**
 * Applies all due commands of one link in the order of `seq`. Safe to run twice: settled commands are skipped, and a
 * command that may have reached the tracker is looked up there by its key.
 */
export async function drainLink(run: Try, linkId: string): Promise<DrainResult> {
  const endsAt = Date.now() + maxRunMs;
  let link = await run.store.links.findById(linkId).lean<LinkDoc | null>();
  if (!link) throw linkNotFound();
  let undecided: CommandDoc[] | undefined;
  if (link.live && link.create_status === 'pending') {
    // Read in parallel with the create: a command that arrives later wakes the workflow itself.
    [link, undecided] = await Promise.all([applyCreate(run, link), findDue(run, linkId, 1)]);
  }
  for (;;) {
    if (!link.live) return cancelDue(run, link);
    if (link.create_status === 'failed') return hold(run, link);
    if (Date.now() > endsAt || run.signal.aborted) return { ...resultOf(link), more: true };
    const due = undecided ?? (await findDue(run, linkId, link.applied_seq));
    undecided = undefined;
    if (due.length === 0) return finish(run, link);
    link = await applyInOrder(run, link, due, endsAt);
  }
}

function findDue(run: Try, linkId: string, appliedSeq: number): Promise<CommandDoc[]> {
  return run.store.commands
    .find({ link_id: linkId, seq: trusted({ $gt: appliedSeq }) })
    .sort({ seq: 1 })
    .limit(batch)
    .lean<CommandDoc[]>()
    .exec();
}

async function applyInOrder(run: Try, start: LinkDoc, due: CommandDoc[], endsAt: number): Promise<LinkDoc> {
  let link = start;
  for (const command of due) {
    if (!link.live || Date.now() > endsAt || run.signal.aborted) return link;
    // Another process moved the link, so read the due commands again.
    if (command.seq !== link.applied_seq + 1) return link;
    link = isSettled(command)
      ? await moveTo(run, link, command.seq, command.link_change ?? {})
      : await apply(run, link, command);
  }
  return link;
}

const isSettled = (command: CommandDoc) => command.status !== 'pending' && command.status !== 'held';

async function apply(run: Try, link: LinkDoc, command: CommandDoc): Promise<LinkDoc> {
  const externalId = link.external_id;
  if (externalId === null) throw new Error('A command is due on a ticket without an id.');
  const { payload } = command;
  switch (payload.kind) {
    case 'comment':
      return applyComment(run, link, command, payload, externalId);
    case 'close':
      return applyClose(run, link, command, externalId);
    case 'inbound':
      return applyInbound(run, link, command, payload);
  }
}

/** Nothing is due, so the sweep need not wake the workflow. A command that arrives in the meantime wakes it itself. */
async function finish(run: Try, link: LinkDoc): Promise<DrainResult> {
  if (link.ring_after !== null) {
    await run.store.links.updateOne(
      { _id: link._id, applied_seq: link.applied_seq, live: true },
      { $set: { ring_after: null } },
    );
  }
  return resultOf(link);
}

/** Holds the commands behind a refused create, and keeps the sweep away from them, until somebody retries. */
async function hold(run: Try, link: LinkDoc): Promise<DrainResult> {
  await run.store.commands.updateMany({ link_id: link._id, status: 'pending' }, { $set: { status: 'held' } });
  if (link.ring_after !== null) {
    await run.store.links.updateOne({ _id: link._id, create_status: 'failed' }, { $set: { ring_after: null } });
  }
  return { ...resultOf(link), held: true };
}

/** The link was unlinked: due commands are cancelled, and their comments stay in the thread as never pushed. */
async function cancelDue(run: Try, start: LinkDoc): Promise<DrainResult> {
  const due = await run.store.commands
    .find({ link_id: start._id, status: trusted({ $in: ['pending', 'held'] }) })
    .sort({ seq: 1 })
    .lean<CommandDoc[]>();
  for (const command of due) {
    if (command.payload.kind === 'comment') await keepUnpushed(run, start, command, command.payload);
    await settle(run, start, command, { status: 'cancelled' });
  }
  await run.store.links.updateOne({ _id: start._id }, { $set: { ring_after: null } });
  return resultOf(start);
}

function resultOf(link: LinkDoc): DrainResult {
  return {
    appliedSeq: link.applied_seq,
    held: false,
    more: false,
    lifecycle: lifecycleOf(link),
    provider: link.provider,
    externalId: link.external_id,
    ...(link.last_sent && { lastSent: { kind: link.last_sent.kind, at: link.last_sent.at.getTime() } }),
  };
}

function lifecycleOf(link: LinkDoc): DrainResult['lifecycle'] {
  if (!link.live) return 'unlinked';
  if (link.sync_state === 'error') return 'error';
  if (link.external_id === null) return 'pending';
  return link.state;
}
