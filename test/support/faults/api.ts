// The API, with a death between its writes and its wake-ups. Started as a process by the fault tests.
import type { Schema, UpdateQuery } from 'mongoose';
import { startApi } from '../../../src/api.js';
import type { OrgDoc } from '../../../src/auth/org-model.js';
import type { EscalationDoc } from '../../../src/escalations/model.js';
import { runProgram } from '../../../src/program.js';
import type { CommentDoc } from '../../../src/tickets/comments/model.js';
import type { Signalers } from '../../../src/services.js';
import { createDeath } from './death.js';

/**
 * `before_comment`: the command is in MongoDB, the comment is not. `before_ring`: all is written, nobody knows.
 * `before_escalation`: its event is in MongoDB, it is not. `after_escalation`: it is, nobody knows. Of both the subject is
 * its reason, for it has no id that anybody knows. `after_change`: of an escalation, by its id: nobody knows.
 * `before_record`: an org is renamed, and its audit entry isn't written.
 */
export type ApiFaultPoint =
  'before_comment' | 'before_ring' | 'before_escalation' | 'after_escalation' | 'after_change' | 'before_record';

const die = createDeath();

function plugin(schema: Schema): void {
  schema.pre('updateOne', { document: false, query: true }, async function () {
    if (this.model.modelName !== 'Comment') return;
    const { $setOnInsert } = this.getUpdate() as UpdateQuery<CommentDoc>;
    await die('before_comment', $setOnInsert?.subject?.id ?? '');
  });
  schema.pre('insertMany', async function (docs: EscalationDoc[]) {
    if (this.modelName !== 'Escalation') return;
    for (const { reason } of docs) await die('before_escalation', reason ?? '');
  });
  schema.post('insertMany', async function (docs: unknown) {
    if (this.modelName !== 'Escalation') return;
    for (const { reason } of docs as EscalationDoc[]) await die('after_escalation', reason ?? '');
  });
  schema.post('updateOne', { document: false, query: true }, async function () {
    const { $push } = this.getUpdate() as UpdateQuery<EscalationDoc>;
    if (this.model.modelName === 'Escalation' && $push) await die('after_change', String(this.getFilter()._id));
  });
  schema.post('findOneAndUpdate', async function (changed: OrgDoc | null) {
    if (this.model.modelName === 'Org' && changed) await die('before_record', changed._id);
  });
}

const overheard = ({ ticket, ...others }: Signalers): Signalers => ({
  ...others,
  ticket: {
    ...ticket,
    async wait(link, seq, isSettled) {
      await die('before_ring', link.subject.id);
      await ticket.wait(link, seq, isSettled);
    },
  },
});

await runProgram({
  url: import.meta.url,
  name: 'api',
  start: (config, logger) => startApi(config, logger, { aroundSignalers: overheard, plugin }),
});
