import { parseJsonWithSources } from '../lib/json/index.js';
import { badRequest, unsupportedMediaType } from './problem.js';

/**
 * Parses a JSON body. No body at all counts as `{}`: what has no required fields may be sent without one.
 * Numbers that a double cannot hold become `ExactNumber`, and `jsonTextOf` gives free-form data as its sender wrote it.
 * @param contentType the header's value; not looked at without a body
 * @throws Problem 415 for another content type, 400 `malformed_json` for what is not JSON in UTF-8
 */
export function parseJsonBody(raw: Buffer, contentType: string | undefined): unknown {
  if (raw.length === 0) return {};
  if (!isJson(contentType)) throw unsupportedMediaType('Send the body as application/json in UTF-8.');
  try {
    return parseJsonWithSources(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch {
    // The parser's message quotes the body.
    throw badRequest('malformed_json', 'The body is not valid JSON in UTF-8.');
  }
}

function isJson(contentType = ''): boolean {
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.replace(/^charset="?([^"]*)"?$/, '$1');
  return type === 'application/json' && (charset === undefined || charset === 'utf-8' || charset === 'utf8');
}
