/** What the worker can run: one export a workflow type. */
export { endpoint } from './endpoint/workflow.js';
export { escalation } from './escalation/workflow.js';
export { poll } from './poll/workflow.js';
export { ticket } from './ticket/workflow.js';
/** `notice` is its workflow type in Temporal: histories, ids and queries name it. */
export { budgetAlert as notice } from './budget-alert/workflow.js';
export { deliveryPump as 'delivery-pump' } from './delivery-pump/workflow.js';
