/** Said by whoever is asked to build or start secantusd-rs for production. */
export const standInRefused =
  'secantusd-rs stands in for MongoDB in development and tests, and is not used with NODE_ENV=production: set MONGODB_URI, or install mongod';
