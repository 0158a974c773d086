export {
  rateLimited,
  startFakeJira,
  type FakeJira,
  type FakeJiraOptions,
  type RateLimitReason,
} from './fake-jira/server.js';
export { deadEnd, localised, plain, withoutResolution } from './fake-jira/workflow.js';
