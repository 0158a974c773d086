import type { ComponentChildren, JSX } from 'preact';
import type { FormErrors } from '../form.js';

interface FieldProps {
  label: string;
  name: string;
  /** The field's path in the API's errors, where it is not the name. */
  path?: string;
  help?: ComponentChildren;
  errors: FormErrors;
}

/** A label above, help below, the error beside the field. @param children is given what ties the control to them */
export function Field({
  label,
  name,
  path = name,
  help,
  errors,
  children,
}: FieldProps & { children: (control: ControlProps) => JSX.Element }) {
  const error = errors.fields.get(path);
  const describedBy = [help && `${name}-help`, error && `${name}-error`].filter(Boolean).join(' ');
  return (
    <div class={error ? 'field wrong' : 'field'}>
      <label for={name}>{label}</label>
      {children({
        id: name,
        name,
        ...(describedBy && { 'aria-describedby': describedBy }),
        ...(error && { 'aria-invalid': 'true' }),
      })}
      {error && (
        <p class="error" id={`${name}-error`}>
          {`${label} ${error}`}
        </p>
      )}
      {help && (
        <p class="help" id={`${name}-help`}>
          {help}
        </p>
      )}
    </div>
  );
}

export interface ControlProps {
  id: string;
  name: string;
  'aria-describedby'?: string;
  'aria-invalid'?: 'true';
}

interface TextFieldProps extends FieldProps {
  value: string;
  type?: 'text' | 'password' | 'url' | 'email' | 'number' | 'datetime-local';
  required?: boolean;
  autofocus?: boolean;
  autocomplete?: 'off' | 'email';
  placeholder?: string;
  maxlength?: number;
}

export const TextField = ({ label, name, path, help, errors, value, ...input }: TextFieldProps) => (
  <Field {...{ label, name, help, errors, ...(path !== undefined && { path }) }}>
    {(control) => {
      // Preact types inputs by their literal type; ours is one of several.
      const attributes: object = { type: 'text', ...input, ...control, value };
      return <input {...attributes} />;
    }}
  </Field>
);

/** Above a form: what no single field is to blame for, and how many are. */
export function ErrorSummary({ errors }: { errors: FormErrors }) {
  if (errors.summary === null && errors.fields.size === 0) return null;
  return (
    <div class="errors" role="alert">
      <p>{errors.summary ?? 'Some fields need another look. Nothing was changed.'}</p>
      {errors.fields.size > 0 && (
        <ul>
          {[...errors.fields].map(([path, message]) => (
            <li key={path}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
