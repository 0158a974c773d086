/** What to do when a ticket that we closed is open again over there. */
export const reopenPolicies = ['reopen', 'new_ticket', 'ignore'] as const;
export type ReopenPolicy = (typeof reopenPolicies)[number];
