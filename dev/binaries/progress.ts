/** Says what goes on: lines that stay, and for each thing that takes long what it is at. */
export interface Progress {
  line(text: string): void;
  /** Something long begins; its lines say how long it has been at it. */
  begin(what: string, step: string): LongStep;
  /** Ends the display; whatever is still running is shown no more. */
  close(): void;
}

export interface LongStep {
  update(state: string): void;
  end(): void;
}

/** Shows nothing, for callers that only want the result. */
export const silentProgress: Progress = {
  line: () => undefined,
  begin: () => ({ update: () => undefined, end: () => undefined }),
  close: () => undefined,
};

interface Entry {
  what: string;
  step: string;
  state: string;
  startedAt: number;
}

/**
 * On a terminal one line, redrawn every second, tells about all that is running; elsewhere each has a line every 15 seconds.
 * @param output where to; its width in columns is asked for at each drawing
 */
export function createProgress(output: NodeJS.WriteStream): Progress {
  const entries = new Set<Entry>();
  const redraws = output.isTTY;
  let timer: NodeJS.Timeout | undefined;
  let drawn = false;

  const erase = () => {
    if (drawn) output.write('\r\u001b[2K');
    drawn = false;
  };
  const draw = () => {
    if (redraws) {
      erase();
      const text = [...entries].map(describe).join(' | ');
      output.write(text.slice(0, (output.columns || 80) - 1));
      drawn = text !== '';
    } else {
      for (const entry of entries) output.write(`${describe(entry)}\n`);
    }
  };
  const stopTimer = () => {
    clearInterval(timer);
    timer = undefined;
    erase();
  };

  return {
    line: (text) => {
      erase();
      output.write(`${text}\n`);
    },
    begin: (what, step) => {
      const entry: Entry = { what, step, state: '', startedAt: Date.now() };
      entries.add(entry);
      timer ??= setInterval(draw, redraws ? 1_000 : 15_000);
      return {
        update: (state) => (entry.state = state),
        end: () => {
          entries.delete(entry);
          if (entries.size === 0) stopTimer();
        },
      };
    },
    close: () => {
      entries.clear();
      stopTimer();
    },
  };
}

/** `1 min 05 s`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

const describe = ({ what, step, state, startedAt }: Entry) =>
  `${what}: ${step}, ${duration(Date.now() - startedAt)}${state ? `: ${state}` : ''}`;
