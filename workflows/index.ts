/** The workflow types that the worker runs, one per export. */
export { endpoint } from './endpoint/workflow.js';
export { escalation } from './escalation/workflow.js';
export { poll } from './poll/workflow.js';
export { ticket } from './ticket/workflow.js';
/** The workflow type in Temporal is `notice`: histories, ids and queries use that name. */
export { budgetAlert as notice } from './budget-alert/workflow.js';
export { deliveryPump as 'delivery-pump' } from './delivery-pump/workflow.js';
