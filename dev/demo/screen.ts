/** What the demo prints: steps, the calls in them, and what matters of their answers. */
export interface Screen {
  title(text: string): void;
  /** A step begins; they count themselves. */
  step(text: string): void;
  call(method: string, path: string, status: number, ms: number): void;
  note(text: string): void;
  line(text?: string): void;
  strong(text: string): string;
}

/** Colours on a terminal only, unless NO_COLOR is set. */
export function createScreen(output: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Screen {
  const isColoured = output.isTTY && !env.NO_COLOR;
  const style = (code: number) => (text: string) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
  const strong = style(1);
  const dim = style(2);
  const line = (text = '') => void output.write(`${text}\n`);
  let steps = 0;
  return {
    line,
    strong,
    title: (text) => line(strong(text)),
    step(text) {
      steps += 1;
      line(`\n${strong(`${steps}. ${text}`)}`);
    },
    call: (method, path, status, ms) =>
      line(`   ${dim(`${method} ${path} →`)} ${status} ${dim(`(${Math.round(ms)} ms)`)}`),
    note: (text) => line(`   ${text}`),
  };
}
