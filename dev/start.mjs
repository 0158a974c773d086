// npm start: builds dist/ if its sources have changed, and starts Drawbridge in the same process.
import './build.mjs';

await import('../dist/dev/start.js');
