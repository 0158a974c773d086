/** Reads a build's output line by line and says what it is at; undefined when the line says nothing new. */
export type OutputReader = (line: string) => string | undefined;

/** cargo's: its own bar (`Building [==> ] 45/321: serde`), which CARGO_TERM_PROGRESS_WHEN asks for, or the crates as they are compiled. */
export function cargoReader(): OutputReader {
  let compiled = 0;
  return (line) => {
    const bar = /Building \[[^\]]*\] (\d+)\/(\d+)/.exec(line);
    if (bar) return `${bar[1]} of ${bar[2]} crates compiled`;
    const crate = /^\s*Compiling (\S+)/.exec(line);
    if (crate) {
      compiled += 1;
      return `compiling crate ${compiled} (${crate[1]})`;
    }
    return /^\s*(Updating|Downloading|Downloaded|Locking)\b/.test(line) ? 'downloading crates' : undefined;
  };
}

/** `go install -v`'s: the modules it downloads, then the packages as they are compiled. */
export function goReader(): OutputReader {
  let downloaded = 0;
  let compiled = 0;
  return (line) => {
    if (line.startsWith('go: downloading ')) {
      downloaded += 1;
      return `${downloaded} modules downloaded`;
    }
    if (line.startsWith('go: ') || !/^[\w.~-]+(\/[\w.~-]+)*$/.test(line)) return undefined;
    compiled += 1;
    return `${compiled} packages compiled (${line})`;
  };
}
