import { etagOf } from '../../http/etag.js';
import { noErrors, type FormErrors, type Refusal } from './errors.js';

/** The version of the settings document that a form was made from, so that saving can't silently overwrite somebody else's change. */
export const Etag = ({ version }: { version: number }) => <input type="hidden" name="etag" value={etagOf(version)} />;

/** Replaces the API's message for a stale version (412) with the page's notice. Other errors are returned unchanged. */
export const withStaleEditNotice = ({ errors, status }: Refusal, notice: string): FormErrors =>
  status === 412 ? { ...noErrors, summary: notice } : errors;

/** A field whose stored value differs from the typed one. */
export interface Difference {
  field: string;
  stored: string;
  typed: string;
}

/** Below a stale-edit notice: the values that saving again would replace. @param discardPath a page with the stored values */
export function Differences({ differences, discardPath }: { differences: Difference[]; discardPath: string }) {
  return (
    <div class="card differences">
      <h2>What differs</h2>
      {differences.length === 0 ? (
        <p>Nothing: what you typed is what is stored now.</p>
      ) : (
        <div class="table" tabindex={0} role="region" aria-label="What differs">
          <table>
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">Stored now</th>
                <th scope="col">You typed</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ field, stored, typed }) => (
                <tr key={field}>
                  <th scope="row">{field}</th>
                  <td>{stored || '–'}</td>
                  <td>{typed || '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p>
        Save again to store your version, or <a href={discardPath}>discard it and start from what is stored</a>.
      </p>
    </div>
  );
}
