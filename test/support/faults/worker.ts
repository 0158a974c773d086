// The worker, with a death in its activities. Started as a process by the fault tests.
import { runProgram } from '../../../src/program.js';
import { startWorker } from '../../../src/worker.js';
import { createDeath } from './death.js';

const die = createDeath();

await runProgram({
  url: import.meta.url,
  name: 'worker',
  start: (config, logger) =>
    startWorker(config, logger, {
      tickets: { atPoint: (point, link) => die(point, link.subject.id) },
      escalations: { atPoint: (point, escalation) => die(point, escalation._id) },
      notifications: { atPoint: (point, { subject_id }) => die(point, subject_id) },
    }),
});
