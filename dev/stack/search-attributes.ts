/** What an operator can list workflows by; all of the type Keyword. */
export { searchAttributeNames as searchAttributes } from '../../src/temporal/search-attributes.js';
