import { z } from 'zod';

/** As Jira shows a status, wherever it does. */
export const statusSchema = z.object({
  id: z.coerce.string(),
  name: z.string(),
  statusCategory: z.object({ key: z.string() }).optional().catch(undefined),
});
export type JiraStatus = z.infer<typeof statusSchema>;

/** Whether work has ended, in whatever language; null where Jira did not say. */
export const isDone = ({ statusCategory }: JiraStatus): boolean | null =>
  statusCategory === undefined ? null : statusCategory.key === 'done';
