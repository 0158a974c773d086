/** What an operator can list workflows by; all of the type Keyword. */
export { searchAttributeNames as searchAttributes } from '../../workflows/contracts/search-attributes.js';
