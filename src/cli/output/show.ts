import type { ApiAnswer } from '../api-client.js';
import type { Call } from '../command.js';
import type { Options } from '../options.js';

/** The answer: its JSON as it came, or what people read. An empty answer is `{}` to programs. @returns the exit code */
export function show<T>(
  { options, terminal }: Pick<Call<Options>, 'terminal'> & { options: { json: boolean } },
  answer: ApiAnswer<T>,
  asText: (body: T) => string,
): number {
  terminal.out(options.json ? answer.text || '{}' : asText(answer.body));
  return 0;
}
