import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** Bad habits of Jira's webhooks; each is off unless a test switches it on. */
export interface WebhookHabits {
  /** Each is sent twice, under one identifier. */
  doubled: boolean;
  /** None is sent. */
  missing: boolean;
  /** Each is delivered before the call that caused it is answered. */
  beforeAnswer: boolean;
  /** `comment_*` come without `issue`. */
  withoutIssue: boolean;
  /** What a comment's body is. */
  commentBody: 'adf' | 'wiki';
  /** Authors come without names. */
  nameless: boolean;
  /** `jira:issue_updated` of a comment holds the comment too. */
  commentInIssueUpdated: boolean;
}

export interface SentWebhook {
  event: string;
  identifier: string;
  body: Record<string, unknown>;
  /** The answers' statuses, one a try; 0 where none came. */
  statuses: number[];
}

export const goodHooks: WebhookHabits = {
  doubled: false,
  missing: false,
  beforeAnswer: false,
  withoutIssue: false,
  commentBody: 'adf',
  nameless: false,
  commentInIssueUpdated: false,
};

const maxRetries = 5;

/** Sends webhooks as Jira does: signed, and again on failures that may heal. */
export class HookSender {
  readonly sent: SentWebhook[] = [];
  target: { url: string; secret: string; retryDelayMs: number } | null = null;
  habits: WebhookHabits = { ...goodHooks };
  private held: SentWebhook[] | null = null;
  private readonly underWay = new Set<Promise<void>>();
  private readonly ended = new AbortController();

  /** Queues a webhook, or holds it back. */
  send(body: Record<string, unknown> & { webhookEvent: string }): void {
    if (!this.target || this.habits.missing) return;
    const webhook = { event: body.webhookEvent, identifier: randomUUID(), body, statuses: [] };
    this.sent.push(webhook);
    if (this.held) this.held.push(webhook);
    else this.start(webhook);
  }

  hold(): void {
    this.held ??= [];
  }

  /** Sends what was held one after the other. */
  async release(order: 'in order' | 'reversed'): Promise<void> {
    const held = this.held ?? [];
    this.held = null;
    for (const webhook of order === 'reversed' ? held.reverse() : held) {
      this.start(webhook);
      await this.idle();
    }
  }

  async idle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  async close(): Promise<void> {
    this.ended.abort();
    await this.idle();
  }

  private start(webhook: SentWebhook): void {
    for (let copy = 0; copy < (this.habits.doubled ? 2 : 1); copy++) {
      const delivery = this.deliver(webhook).finally(() => this.underWay.delete(delivery));
      this.underWay.add(delivery);
    }
  }

  private async deliver(webhook: SentWebhook): Promise<void> {
    for (let retry = 0; retry <= maxRetries && !this.ended.signal.aborted; retry++) {
      if (retry > 0) await sleep(this.target?.retryDelayMs ?? 0, null, { signal: this.ended.signal }).catch(() => null);
      const status = await this.post(webhook, retry);
      webhook.statuses.push(status);
      if (status !== 0 && status < 500 && ![408, 409, 425, 429].includes(status)) return;
    }
  }

  private async post({ body, identifier }: SentWebhook, retry: number): Promise<number> {
    if (!this.target) return 0;
    const rawBody = Buffer.from(JSON.stringify(body));
    const signature = createHmac('sha256', this.target.secret).update(rawBody).digest('hex');
    const signal = AbortSignal.any([this.ended.signal, AbortSignal.timeout(20_000)]);
    try {
      const answer = await fetch(this.target.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Atlassian Webhook HTTP Client',
          'x-hub-signature': `sha256=${signature}`,
          'x-atlassian-webhook-identifier': identifier,
          ...(retry === 0 ? {} : { 'x-atlassian-webhook-retry': String(retry) }),
        },
        body: rawBody,
        signal,
      });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return 0;
    }
  }
}
