import { etagOf } from '../../http/etag.js';
import { noErrors, type FormErrors } from '../form.js';

/** Which version of a settings document a form was made from: a change of another's meanwhile is not overwritten unseen. */
export const Etag = ({ version }: { version: number }) => <input type="hidden" name="etag" value={etagOf(version)} />;

/** A refusal of If-Match in a form's words; every other one as it is. */
export const inFormWords = (errors: FormErrors, status: number, summary: string): FormErrors =>
  status === 412 ? { ...noErrors, summary } : errors;

/** A field whose stored value is another one than what was typed. */
export interface Difference {
  field: string;
  stored: string;
  typed: string;
}

/** Below the words of a lost update: what saving once more would replace. */
export function Differences({ differences, discard }: { differences: Difference[]; discard: string }) {
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
        Save again to put yours in its place, or <a href={discard}>start over from what is stored</a>.
      </p>
    </div>
  );
}
