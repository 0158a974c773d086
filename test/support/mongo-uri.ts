import { ConnectionString } from 'mongodb-connection-string-url';

/** Mechanisms whose users are kept in a database of the server. */
const scram = /^(DEFAULT|SCRAM-SHA-\d+)$/;

/**
 * The URI of another database on the same server or replica set. Hosts, credentials and options stay as they are.
 * @param uri of a server or of any of its databases; `mongodb+srv://` as well
 */
export function databaseUri(uri: string, database: string): string {
  const result = new ConnectionString(uri);
  const mechanism = result.searchParams.get('authMechanism') ?? 'DEFAULT';
  // Without authSource, the driver looks for the user in the database that the path names, and in `admin` where it names none.
  if (result.username !== '' && scram.test(mechanism) && !result.searchParams.has('authSource')) {
    result.searchParams.set('authSource', decodeURIComponent(result.pathname.slice(1)) || 'admin');
  }
  result.pathname = `/${database}`;
  return result.href;
}

/** The same URI with these options added or replaced. */
export function withOptions(uri: string, options: Readonly<Record<string, string>>): string {
  const result = new ConnectionString(uri);
  for (const [name, value] of Object.entries(options)) result.searchParams.set(name, value);
  return result.href;
}
