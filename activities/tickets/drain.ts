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

/** A drain hands back after this long, so that an operator sees progress and a shutdown waits for little. */
const maxRunMs = 60_000;
const batch = 50;

/**
 * Applies everything that is due for one link, in the order of `seq`. Runs twice without harm: what is settled is
 * passed over, and what may have reached the tracker is looked for there by its key.
 */
export async function drainLink(run: Try, linkId: string): Promise<DrainResult> {
  const endsAt = Date.now() + maxRunMs;
  let link = await run.store.links.findById(linkId).lean<LinkDoc | null>();
  if (!link) throw linkNotFound();
  let undecided: CommandDoc[] | undefined;
  if (link.live && link.create_status === 'pending') {
    // In parallel with the create: a command that comes later wakes the workflow itself.
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
    // Somebody else moved the link: look again at what is due.
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
  if (externalId === null) throw new Error('A command is due on a ticket that has no id.');
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

/** Nothing is due. The sweep need not wake the workflow; a command that came in meanwhile wakes it itself. */
async function finish(run: Try, link: LinkDoc): Promise<DrainResult> {
  if (link.ring_after !== null) {
    await run.store.links.updateOne(
      { _id: link._id, applied_seq: link.applied_seq, live: true },
      { $set: { ring_after: null } },
    );
  }
  return resultOf(link);
}

/** What waits behind a refused create is kept, out of the sweep's way, until somebody tries again. */
async function hold(run: Try, link: LinkDoc): Promise<DrainResult> {
  await run.store.commands.updateMany({ link_id: link._id, status: 'pending' }, { $set: { status: 'held' } });
  if (link.ring_after !== null) {
    await run.store.links.updateOne({ _id: link._id, create_status: 'failed' }, { $set: { ring_after: null } });
  }
  return { ...resultOf(link), held: true };
}

/** It was unlinked: what was due is no longer wanted; comments stay in the thread as those that were never pushed. */
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
