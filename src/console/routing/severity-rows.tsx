import type { Severity } from '../../lib/severity.js';
import type { FormErrors } from '../form.js';
import { SeverityBadge } from '../parts/badge.js';
import { severitiesDown, type RoutingFields } from './routing-form.js';

interface RowsProps {
  fields: RoutingFields;
  errors: FormErrors;
}

interface Column {
  /** Of the field, below the severity. */
  path: (severity: Severity) => string;
  label: string;
  width: 'word' | 'level' | 'minutes';
  numeric?: true;
}

const columns: Column[] = [
  { path: (severity) => `severity_map.${severity}`, label: 'Word', width: 'word' },
  { path: (severity) => `severity_map.${severity}.impact`, label: 'Impact', width: 'level' },
  { path: (severity) => `severity_map.${severity}.urgency`, label: 'Urgency', width: 'level' },
  { path: (severity) => `sla.${severity}.acknowledge_minutes`, label: 'Claim within', width: 'minutes', numeric: true },
  { path: (severity) => `sla.${severity}.resolve_minutes`, label: 'Resolve within', width: 'minutes', numeric: true },
];

/** What each severity is called in the tracker, and its clocks: a row each. */
export function SeverityRows({ fields, errors }: RowsProps) {
  return (
    <div class="table">
      <table class="inputs">
        <thead>
          <tr>
            <th scope="col">Severity</th>
            {columns.map(({ label, numeric }) => (
              <th scope="col" key={label}>
                {numeric ? `${label}, min` : label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {severitiesDown.map((severity) => (
            <Row key={severity} {...{ severity, fields, errors }} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ severity, fields, errors }: RowsProps & { severity: Severity }) {
  const wrong = [...errors.fields].filter(([path]) => isOf(path, severity));
  const errorId = `${severity}-errors`;
  return (
    <>
      <tr>
        <th scope="row">
          <SeverityBadge severity={severity} />
        </th>
        {columns.map(({ path, label, width, numeric }) => {
          const name = path(severity);
          const isWrong = wrong.some(([at]) => at === name);
          return (
            <td key={name} class={width} data-label={numeric ? `${label}, min` : label}>
              <input
                type="text"
                name={name}
                value={fields[name] ?? ''}
                inputmode={numeric ? 'numeric' : undefined}
                autocomplete="off"
                aria-label={`${severity}: ${label.toLowerCase()}${numeric ? ', in minutes' : ''}`}
                {...(isWrong && { 'aria-invalid': 'true' as const, 'aria-describedby': errorId })}
              />
            </td>
          );
        })}
      </tr>
      {wrong.length > 0 && (
        <tr class="row-errors">
          <td colspan={columns.length + 1} id={errorId}>
            {wrong.map(([path, message]) => (
              <p class="error" key={path}>{`${labelOf(path)} ${message}`}</p>
            ))}
          </td>
        </tr>
      )}
    </>
  );
}

const isOf = (path: string, severity: Severity) => /^(severity_map|sla)\.(\w+)/.exec(path)?.[2] === severity;

const labelOf = (path: string) =>
  columns.find(({ path: of }) => severitiesDown.some((severity) => of(severity) === path))?.label ?? 'This';
