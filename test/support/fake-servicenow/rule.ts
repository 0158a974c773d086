import { createHmac } from 'node:crypto';
import { stamp, type FakeRecord, type ServiceNowMemory } from './memory.js';

/** One call of the business rule of docs/guides/trackers/servicenow.md. */
export interface RuleWebhook {
  payload: Record<string, unknown> & { event_id: string; number: string; state: string };
  /** What was answered to each time it was sent; empty when it was not sent. */
  statuses: number[];
}

export interface RuleTarget {
  url: string;
  /** Used as UTF-8 bytes. */
  secret: string;
}

/** As the rule of the docs looks back, in milliseconds: comments come in more than one webhook. */
const lookBackMs = 60_000;
const maxComments = 20;

/** What the rule sends of a record as it stands. */
export function rulePayload(memory: ServiceNowMemory, record: FakeRecord): RuleWebhook['payload'] {
  const { sys_id, number, state, sys_updated_on, sys_mod_count } = record;
  const from = stamp(new Date(Date.parse(`${sys_updated_on.replace(' ', 'T')}Z`) - lookBackMs));
  const comments = memory.journal
    .filter(({ element_id, sys_created_on }) => element_id === sys_id && sys_created_on >= from)
    .slice(-maxComments)
    .map(({ sys_id: id, element, value, sys_created_on, sys_created_by }) => ({
      sys_id: id,
      element,
      value,
      sys_created_on,
      sys_created_by,
    }));
  return { event_id: `${sys_id}:${sys_mod_count}`, sys_id, number, state, sys_updated_on, comments };
}

/** Sends the business rule's webhooks: in order, once and at once, unless it is told otherwise. */
export class RuleSender {
  readonly sent: RuleWebhook[] = [];
  target: RuleTarget | null = null;
  copies = 1;
  private lost = 0;
  private held: RuleWebhook[] | null = null;
  /** One after the other, as they were made. */
  private last: Promise<void> = Promise.resolve();

  fire(payload: RuleWebhook['payload']): void {
    if (!this.target) return;
    const webhook: RuleWebhook = { payload, statuses: [] };
    this.sent.push(webhook);
    if (this.lost > 0) this.lost -= 1;
    else if (this.held) this.held.push(webhook);
    else this.enqueue(webhook);
  }

  /** The next ones are made and never sent: the rule does not try again. */
  lose(times: number): void {
    this.lost = times;
  }

  hold(): void {
    this.held ??= [];
  }

  /** Sends what was held. */
  async release(reversed: boolean): Promise<void> {
    const held = this.held ?? [];
    this.held = null;
    for (const webhook of reversed ? held.toReversed() : held) this.enqueue(webhook);
    await this.idle();
  }

  /** Sends one again, as it was. */
  async again(webhook: RuleWebhook): Promise<void> {
    this.enqueue(webhook);
    await this.idle();
  }

  /** Resolves when all that was to be sent is answered. */
  idle(): Promise<void> {
    return this.last;
  }

  private enqueue(webhook: RuleWebhook): void {
    for (let copy = 0; copy < this.copies; copy++) this.last = this.last.then(() => this.send(webhook));
  }

  private async send({ payload, statuses }: RuleWebhook): Promise<void> {
    const { target } = this;
    if (!target) return;
    const body = JSON.stringify(payload);
    const signature = `sha256=${createHmac('sha256', target.secret).update(body).digest('hex')}`;
    try {
      const headers = { 'content-type': 'application/json', 'x-signature': signature };
      const response = await fetch(target.url, { method: 'POST', headers, body });
      await response.arrayBuffer();
      statuses.push(response.status);
    } catch {
      // Nobody there. There is no retry.
      statuses.push(0);
    }
  }
}
