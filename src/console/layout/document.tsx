import type { ComponentChildren } from 'preact';
import type { AssetUrl } from '../assets/assets.js';

/** The content security policy refuses eval, inline styles and other origins, so htmx must not use them. */
const htmxConfig = JSON.stringify({
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  // Without `style`, which the policy refuses.
  attributesToSettle: ['class', 'width', 'height'],
  // Error responses are swapped in too: a refused form comes back with its errors.
  responseHandling: [
    { code: '204', swap: false },
    { code: '...', swap: true },
  ],
});

export function Document({ title, asset, children }: { title: string; asset: AssetUrl; children: ComponentChildren }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · Drawbridge`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content={htmxConfig} />
        <link rel="icon" href={asset('icon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={asset('app.css')} />
        <script src={asset('htmx.min.js')} defer />
        <script src={asset('app.js')} type="module" />
      </head>
      <body>{children}</body>
    </html>
  );
}
