import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { FakeTracker } from '../fake-tracker.js';
import { expectOnTracker, commentsIn } from './checks.js';
import { postComment, type Subject } from './tickets.js';
import type { ApiAccess } from '../product.js';

/** Somebody who writes one comment after another to one ticket, whatever happens, and never repeats one. */
export interface Speaker {
  readonly subject: Subject;
  /** What was answered with 201, in order. What got no such answer may have been taken or not. */
  readonly accepted: readonly string[];
  /** How the calls were answered; `none` when there was no answer. */
  readonly answers: ReadonlySet<number | 'none'>;
  stop(): Promise<void>;
}

/** @param apiOf whom to call next; by default the subject's own API */
export function startSpeaking(
  subject: Subject,
  { pauseMs = 0, apiOf = () => subject.api }: { pauseMs?: number; apiOf?: () => ApiAccess } = {},
): Speaker {
  const accepted: string[] = [];
  const answers = new Set<number | 'none'>();
  let isOver = false;
  const speak = async () => {
    for (let n = 0; !isOver; n++) {
      const body = `comment ${n}`;
      const answer = await postComment({ ...subject, api: apiOf() }, body).then(
        ({ status }) => status,
        () => 'none' as const,
      );
      answers.add(answer);
      if (answer === 201) accepted.push(body);
      await delay(answer === 201 ? pauseMs : 200);
    }
  };
  const spoken = speak();
  return {
    subject,
    accepted,
    answers,
    async stop() {
      isOver = true;
      await spoken;
    },
  };
}

/** All that was accepted is in the thread and on the tracker, once and in the order in which it was said. */
export async function expectHeard(tracker: FakeTracker, { subject, accepted }: Speaker): Promise<void> {
  const comments = await commentsIn(subject);
  expect(comments).toEqual([...new Set(comments)]);
  expect(comments.filter((body) => accepted.includes(body))).toEqual(accepted);
  const numbers = comments.flatMap((body) => /^comment (\d+)$/.exec(body)?.[1] ?? []).map(Number);
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  await expectOnTracker(tracker, subject);
}
