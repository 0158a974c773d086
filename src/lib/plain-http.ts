/** What OpenSSL says when the other side answers a TLS handshake in plain HTTP. */
const codes = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
  'EPROTO',
]);

/** Whether an `https` address led to a port that speaks plain HTTP. @param code an error's code, or a text that holds it */
export const isPlainHttp = (code: string | null): boolean =>
  code !== null && (codes.has(code) || [...codes].some((known) => code.includes(`(${known})`)));

/** Completes "The tracker …". */
export const speaksPlainHttp = 'speaks no TLS at this address: use http://, or the port that takes https';
