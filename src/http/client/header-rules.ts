/** Of one connection, or of how a message is framed on it (RFC 9110, 7.6.1): set by the client or not at all. */
const transport = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether a header belongs to the connection; the name in lower case. */
export const isTransportHeader = (name: string): boolean => transport.has(name);

/** A token by RFC 9110, 5.6.2, of a sensible length. */
export const isHeaderName = (name: string): boolean => /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name);

/** Printable ASCII, Latin-1 and tabs: no CR, LF or NUL, with which one header could become two; and nothing that HTTP/1.1 has no bytes for. */
export const isHeaderValue = (value: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
