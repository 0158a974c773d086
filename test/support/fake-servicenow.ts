export { FakeServiceNow, startFakeServiceNow } from './fake-servicenow/server.js';
export { rateLimited, unauthenticated } from './fake-servicenow/answers.js';
export type { FakeAuth } from './fake-servicenow/auth.js';
export type { FakeServiceNowOptions } from './fake-servicenow/server.js';
