import { errorCodes, type ErrorCodeDoc } from '../error-codes.js';

/**
 * The page of /docs/errors, which `type` of every problem leads to: each code with an anchor, what it means and what to do.
 * @param base the path in front of ours, without a trailing slash; empty when there is none
 */
export function errorsPage(base: string): string {
  const entries = Object.entries<ErrorCodeDoc>(errorCodes).sort(([, a], [, b]) => a.status - b.status);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Drawbridge API: errors</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" type="image/png" href="${base}/docs/favicon-32x32.png">
<link rel="stylesheet" href="${base}/docs/errors.css">
</head>
<body>
<main>
<h1>Errors</h1>
<p>An error is a JSON document of the type <code>application/problem+json</code> (RFC 9457). Programs build on its <code>code</code>,
which never changes; <code>detail</code> says what is wrong in this case. The <a href="${base}/docs">API documentation</a> lists the codes of
each operation.</p>
${entries.map(([code, doc]) => entry(code, doc)).join('\n')}
</main>
</body>
</html>
`;
}

const entry = (code: string, { status, title, meaning, action, retryAfter }: ErrorCodeDoc) => `<section id="${code}">
<h2><a href="#${code}"><code>${code}</code></a></h2>
<p class="status">${status} ${title}${retryAfter ? ', with <code>Retry-After</code>' : ''}</p>
<p>${html(meaning)}</p>
<p><strong>What to do:</strong> ${html(action)}</p>
</section>`;

/** Our own sentences, with inline code as Markdown has it. */
const html = (text: string) =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`).replace(/`([^`]+)`/g, '<code>$1</code>');

export const errorsStyle = `body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#1b1f24;background:#fff}
main{max-width:46rem;margin:0 auto;padding:2rem 1rem}
h2{margin:2.5rem 0 0;font-size:1.1rem}
h2 a{color:inherit;text-decoration:none}
h2 a:hover,h2 a:focus-visible{text-decoration:underline}
code{font-family:ui-monospace,monospace;font-size:.95em}
.status{margin:0;color:#57606a}
section:target{background:#fff8c5;outline:.5rem solid #fff8c5}
@media (prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}a{color:#58a6ff}.status{color:#9198a1}
section:target{background:#3a2d00;outline-color:#3a2d00}}
`;
