/** The workflow's queue, and where its activity runs: on the same one, or as in the product on one of its own. */
export const bareQueues = {
  one: { workflows: 'bare', activities: 'bare' },
  two: { workflows: 'bare-workflows', activities: 'bare-activities' },
} as const;
