import { parseUrl } from './parse-url.js';

/** With a host right behind the slashes, and nothing that parsers read differently: spaces, controls, backslashes. */
const oneUrl = /^https?:\/\/[^\s/\\?#\p{Cc}\p{Cs}][^\s\\#\p{Cc}\p{Cs}]*$/iu;
/** Also an empty name and password, which a parsed URL does not show any more. */
const withCredentials = /^[^/]+\/\/[^/?]*@/;

/** Whether events can be posted there by the look of it: http or https, without credentials or a fragment. */
export const isEndpointUrl = (text: string): boolean =>
  oneUrl.test(text) && !withCredentials.test(text) && parseUrl(text) !== null;
