import { errorCodes, type ErrorCodeDoc } from '../../src/http/error-codes.js';

/** Every error code with its meaning and what to do, under a heading that links can name. */
export function errorsText(): string {
  const all = Object.entries<ErrorCodeDoc>(errorCodes);
  const statuses = [...new Set(all.map(([, { status }]) => status))].sort((a, b) => a - b);
  return statuses
    .map((status) =>
      [
        `## ${status}`,
        ...all
          .filter(([, doc]) => doc.status === status)
          .map(([code, { meaning, action }]) => `### ${code}\n\n${meaning}\n\n**What to do:** ${action}`),
      ].join('\n\n'),
    )
    .join('\n\n');
}
