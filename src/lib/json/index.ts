export { compareDecimals, decimalKey, decimalOf } from './decimal.js';
export { parseJsonExactly } from './parse.js';
export { ExactNumber, RawJson, stringifyJson } from './raw.js';
export { jsonTextOf, parseJsonWithSources } from './sources.js';
