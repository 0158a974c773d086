import { severities, type Severity } from '../../lib/severity.js';
import { textOf } from '../forms/field.js';
import type { FormState } from '../forms/form.js';
import { SeverityBadge } from '../parts/badge.js';
import { HeadRow } from '../parts/list.js';
import { severityColumns, severityFieldName, type SeverityColumn } from './routing-form.js';

/** One row for each severity: its name in the tracker, and its deadlines. */
export const SeverityTable = ({ state }: { state: FormState }) => (
  <div class="table">
    <table class="inputs">
      <thead>
        <HeadRow columns={['Severity', ...severityColumns.map(heading)]} />
      </thead>
      <tbody>
        {severities.toReversed().map((severity) => (
          <Row key={severity} severity={severity} state={state} />
        ))}
      </tbody>
    </table>
  </div>
);

const heading = ({ label, width }: SeverityColumn) => (width === 'minutes' ? `${label}, min` : label);

function Row({ severity, state: { form, values, errors } }: { severity: Severity; state: FormState }) {
  const errorId = `${severity}-errors`;
  const cells = severityColumns.map((column) => {
    const name = severityFieldName(severity, column.key);
    const label = form.fields.find((field) => field.name === name)?.label;
    return { column, name, label, messages: errors.fields.get(name) };
  });
  const wrong = cells.flatMap(({ column, messages = [] }) => messages.map((message) => `${column.label} ${message}`));
  return (
    <>
      <tr>
        <th scope="row">
          <SeverityBadge severity={severity} />
        </th>
        {cells.map(({ column, name, label, messages }) => (
          <td key={name} class={column.width} data-label={heading(column)}>
            <input
              type="text"
              name={name}
              value={textOf(values, name)}
              inputmode={column.width === 'minutes' ? 'numeric' : undefined}
              autocomplete="off"
              aria-label={label}
              aria-invalid={messages ? 'true' : undefined}
              aria-describedby={messages ? errorId : undefined}
            />
          </td>
        ))}
      </tr>
      {wrong.length > 0 && (
        <tr class="row-errors">
          <td colspan={cells.length + 1} id={errorId}>
            {wrong.map((text) => (
              <p class="error" key={text}>
                {text}
              </p>
            ))}
          </td>
        </tr>
      )}
    </>
  );
}
