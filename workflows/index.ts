/** What the worker can run: one export a workflow type. */
export { ticket } from './ticket/workflow.js';
