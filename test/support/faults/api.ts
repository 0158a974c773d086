// The API, with a death between its writes and its ring. Started as a process by the fault tests.
import mongoose, { type UpdateQuery } from 'mongoose';
import { startApi } from '../../../src/api.js';
import { runProgram } from '../../../src/program.js';
import type { CommentDoc } from '../../../src/tickets/comments/model.js';
import type { Doorbell } from '../../../src/tickets/doorbell.js';
import { createDeath } from './death.js';

/** `before_comment`: the command is in MongoDB, the comment is not. `before_ring`: all is written, nobody knows. */
export type ApiFaultPoint = 'before_comment' | 'before_ring';

const die = createDeath();

mongoose.plugin((schema) => {
  schema.pre('updateOne', { document: false, query: true }, async function () {
    if (this.model.modelName !== 'Comment') return;
    const { $setOnInsert } = this.getUpdate() as UpdateQuery<CommentDoc>;
    await die('before_comment', $setOnInsert?.subject?.id ?? '');
  });
});

const overheard = (doorbell: Doorbell): Doorbell => ({
  ...doorbell,
  async wait(link, seq, isSettled) {
    await die('before_ring', link.subject.id);
    await doorbell.wait(link, seq, isSettled);
  },
});

await runProgram({
  url: import.meta.url,
  name: 'api',
  start: (config, logger) => startApi(config, logger, { aroundDoorbell: overheard }),
});
