import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { ticketAttributes } from '../contracts/search-attributes.js';
import { wakeSignal, syncUpdate, unreachableSignal } from '../contracts/messages.js';
import { describeDrain, describeTicket } from './details.js';
import { createDrainer } from './drainer.js';
import { createWaiters } from './waiters.js';
import type { DrainResult, TicketInput } from '../contracts/ticket.js';

/**
 * The life of one ticket. MongoDB holds every write to the ticket as a numbered command. This loop is woken, and runs
 * one activity that applies the due commands, so a ticket has a single writer. A run never assumes that it is the
 * first.
 */
export async function ticket(input: TicketInput): Promise<void> {
  let isWoken = true;
  const waiters = createWaiters();
  const drainer = createDrainer(input);

  setHandler(wakeSignal, (wake) => {
    isWoken = true;
    if (wake?.interrupt === true) drainer.interrupt();
  });
  setHandler(syncUpdate, (sync) => waiters.wait(sync));
  let isDraining = false;
  // It sends no command: it only changes what operators read while the drain is tried again.
  setHandler(unreachableSignal, ({ since }) => {
    if (isDraining) setCurrentDetails(describeTicket(input, shown, true, since));
  });

  let shown: DrainResult | undefined;
  for (;;) {
    isWoken = false;
    const drainNumber = waiters.begin();
    setCurrentDetails(describeTicket(input, shown, true));
    isDraining = true;
    const result = await drainer.drain(describeDrain(shown));
    isDraining = false;
    if (result === 'interrupted') {
      isWoken = true;
    } else if (result !== 'long') {
      shown = show(input, result, shown);
      isWoken ||= result.more;
      waiters.end(drainNumber, result);
      if (result.lifecycle === 'unlinked') break;
    }
    if (workflowInfo().continueAsNewSuggested) {
      waiters.releaseAll();
      await condition(allHandlersFinished);
      await continueAsNew<typeof ticket>(input);
    }
    if (!(await nextWake(() => isWoken || waiters.isAsked(), shown?.lifecycle === 'closed' ? input.lingerMs : null)))
      break;
  }
  waiters.releaseAll();
  await condition(allHandlersFinished);
}

/** @returns false when a closed ticket has been quiet for long enough to end the workflow */
async function nextWake(isWoken: () => boolean, lingerMs: number | null): Promise<boolean> {
  if (isWoken()) return true;
  if (lingerMs !== null)
    return condition(isWoken, lingerMs, { summary: 'closed: accepts late comments, then the workflow ends' });
  await condition(isWoken);
  return true;
}

/** Publishes the state: search attributes for the list of workflows, details for the workflow's page. */
function show(input: TicketInput, result: DrainResult, shown: DrainResult | undefined): DrainResult {
  setCurrentDetails(describeTicket(input, result, false));
  const hasChanged =
    shown?.lifecycle !== result.lifecycle ||
    shown.externalId !== result.externalId ||
    shown.provider !== result.provider;
  if (hasChanged) upsertSearchAttributes(ticketAttributes(result));
  return result;
}
