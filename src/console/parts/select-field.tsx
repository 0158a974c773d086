import type { ComponentChildren } from 'preact';
import type { FormErrors } from '../form.js';
import { Field } from './field.js';

interface SelectFieldProps {
  label: string;
  name: string;
  path?: string;
  help?: ComponentChildren;
  errors: FormErrors;
  value: string;
  /** Each with the words that it is shown by. */
  options: readonly (readonly [value: string, words: string])[];
}

/** One of a few. */
export const SelectField = ({ value, options, ...field }: SelectFieldProps) => (
  <Field {...field}>
    {(control) => (
      <select {...control}>
        {options.map(([each, words]) => (
          <option key={each} value={each} selected={each === value}>
            {words}
          </option>
        ))}
      </select>
    )}
  </Field>
);

/** Values that are their own words. */
export const asOptions = (values: readonly string[]) => values.map((value) => [value, value] as const);
