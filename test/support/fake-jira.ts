export {
  rateLimited,
  startFakeJira,
  type FakeJira,
  type FakeJiraOptions,
  type RateLimitReason,
} from './fake-jira/server.js';
export type { FakeIssue } from './fake-jira/memory.js';
export { deadEnd, localised, plain, withoutResolution } from './fake-jira/workflow.js';
