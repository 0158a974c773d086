/** The scope of external ids whose tracker the environment configures, instead of a connection. */
export const environmentScope = 'env';
