export type BareActivities = typeof bareActivities;

export const bareActivities = {
  async nothing(): Promise<void> {
    await Promise.resolve();
  },
};
