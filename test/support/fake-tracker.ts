export type { FakeRequest } from './fake-tracker/memory.js';
export { held, type Habit } from './fake-tracker/habits.js';
export { sendReply, type ReplyOptions, type ReplyPayload } from './fake-tracker/reply.js';
export { startFakeTracker, type FakeTracker } from './fake-tracker/server.js';
