/** What the worker can run: one export a workflow type. */
export { escalation } from './escalation/workflow.js';
export { ticket } from './ticket/workflow.js';
export { notice } from './notice/workflow.js';
