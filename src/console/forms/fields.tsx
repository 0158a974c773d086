import type { ComponentChildren, JSX } from 'preact';
import type { FormErrors } from './errors.js';
import {
  listOf,
  textOf,
  type AreaField,
  type CheckboxField,
  type ChoiceField,
  type Field,
  type FormValues,
  type Option,
  type TextField,
  type TimeField,
} from './field.js';
import type { FormState } from './form.js';

/** The form's controls in their order. @param only names of those to show; all of them by default */
export const Fields = ({ state, only }: { state: FormState; only?: readonly string[] }) => (
  <>
    {state.form.fields
      .filter(({ name }) => only?.includes(name) ?? true)
      .map((field) => (
        <FormField key={field.name} field={field} values={state.values} errors={state.errors} />
      ))}
  </>
);

interface FieldProps<F extends Field = Field> {
  field: F;
  values: FormValues;
  errors: FormErrors;
}

function FormField({ field, values, errors }: FieldProps): JSX.Element {
  switch (field.kind) {
    case 'checkbox':
      return <Checkbox field={field} values={values} />;
    case 'checkboxes':
    case 'radios':
      return <ChoiceGroup field={field} values={values} errors={errors} />;
    case 'select':
      return (
        <Labelled field={field} errors={errors}>
          {(control) => (
            <select {...control}>
              {field.options.map(({ value, label }) => (
                <option key={value} value={value} selected={value === textOf(values, field.name)}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      );
    case 'textarea':
    case 'lines':
    case 'json':
      return <Area field={field} values={values} errors={errors} />;
    case 'datetime':
      return <LocalTime field={field} values={values} errors={errors} />;
    default:
      return <Input field={field} values={values} errors={errors} />;
  }
}

function Input({ field, values, errors }: FieldProps<TextField>) {
  const { kind, name, required, htmlRequired = required, writeOnly = false, code = false } = field;
  const typed = textOf(values, name);
  const help = writeOnly && typed !== '' ? <RetypeNotice>{field.help}</RetypeNotice> : field.help;
  // Preact types an input by its literal type; here it is one of several.
  const attributes: object = {
    type: kind,
    required: htmlRequired,
    maxlength: field.maxLength,
    placeholder: field.placeholder,
    autocomplete: field.autocomplete,
    autofocus: field.autofocus,
    class: code ? 'code' : undefined,
    spellcheck: code ? false : undefined,
    value: writeOnly ? '' : typed,
  };
  return (
    <Labelled field={{ ...field, help }} errors={errors}>
      {(control) => <input {...attributes} {...control} />}
    </Labelled>
  );
}

const RetypeNotice = ({ children }: { children: ComponentChildren }) => (
  <>
    <strong>Type it once more: it is never shown.</strong> {children}
  </>
);

function Area({ field, values, errors }: FieldProps<AreaField>) {
  const { name, kind, rows, required, maxLength, placeholder } = field;
  const text = textOf(values, name);
  const isCode = kind === 'json' || field.code === true;
  const fitted = typeof rows === 'number' ? rows : Math.min(rows.max, Math.max(rows.min, text.split('\n').length + 1));
  return (
    <Labelled field={field} errors={errors}>
      {(control) => (
        <textarea
          class={isCode ? 'code' : undefined}
          rows={fitted}
          required={required}
          maxlength={maxLength}
          placeholder={placeholder}
          spellcheck={isCode ? false : undefined}
          {...control}
        >
          {text}
        </textarea>
      )}
    </Labelled>
  );
}

/** A time in the reader's zone, which the script fills in; in UTC without a script. */
function LocalTime({ field, values, errors }: FieldProps<TimeField>) {
  const { name, offsetName, required } = field;
  const help = (
    <>
      <span data-zone-of={name}>In UTC.</span> {field.help}
    </>
  );
  return (
    <>
      <Labelled field={{ ...field, help }} errors={errors}>
        {(control) => (
          <input
            {...control}
            type="datetime-local"
            value={textOf(values, name)}
            required={required}
            data-offset={offsetName}
          />
        )}
      </Labelled>
      <input type="hidden" name={offsetName} id={offsetName} value={textOf(values, offsetName)} />
    </>
  );
}

function Checkbox({ field, values }: Omit<FieldProps<CheckboxField>, 'errors'>) {
  const { name, label, hint, help } = field;
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          name={name}
          checked={textOf(values, name) !== ''}
          aria-describedby={help ? `${name}-help` : undefined}
        />
        <OptionLabel label={label} hint={hint} />
      </label>
      {help && (
        <p class="help" id={`${name}-help`}>
          {help}
        </p>
      )}
    </>
  );
}

function ChoiceGroup({ field, values, errors }: FieldProps<ChoiceField>) {
  const { name, kind, label, options, required, attributes } = field;
  const messages = errors.fields.get(name);
  const chosen = listOf(values, name);
  const describedBy = messages && `${name}-error`;
  const classes = [field.class, messages && 'wrong'].filter(Boolean).join(' ');
  return (
    <fieldset class={classes || undefined} aria-describedby={describedBy}>
      <legend>{label}</legend>
      <ErrorText label={label} id={`${name}-error`} messages={messages} />
      {options.map((option, index) => (
        <label class="check" key={option.value}>
          <input
            type={kind === 'radios' ? 'radio' : 'checkbox'}
            name={name}
            value={option.value}
            checked={chosen.includes(option.value)}
            required={kind === 'radios' ? required : undefined}
            aria-describedby={describedBy}
            {...(index === 0 && attributes)}
          />
          <OptionLabel label={option.label} hint={option.hint} />
        </label>
      ))}
    </fieldset>
  );
}

const OptionLabel = ({ label, hint }: Pick<Option, 'label' | 'hint'>) => (
  <span>
    {label}
    {hint !== undefined && (
      <>
        {' '}
        <span class="dim">{hint}</span>
      </>
    )}
  </span>
);

interface LabelledProps {
  field: Field;
  errors: FormErrors;
  /** Renders the control with the attributes that tie it to its label, error and help. */
  children: (control: object) => JSX.Element;
}

/** A label above a control, the error and the help below it. */
function Labelled({ field, errors, children }: LabelledProps) {
  const { name, label, id = name, kind, help, attributes } = field;
  const messages = errors.fields.get(name);
  const describedBy = [messages && `${id}-error`, help && `${id}-help`].filter(Boolean).join(' ');
  const classes = ['field', messages && 'wrong', kind === 'json' && 'json'].filter(Boolean).join(' ');
  // The help of a JSON field has paragraphs of its own.
  const Help = kind === 'json' ? 'div' : 'p';
  return (
    <div class={classes}>
      <label for={id}>{label}</label>
      {children({
        ...attributes,
        id,
        name,
        'aria-describedby': describedBy || undefined,
        'aria-invalid': messages ? 'true' : undefined,
      })}
      <ErrorText label={label} id={`${id}-error`} messages={messages} isList={kind === 'json'} />
      {help && (
        <Help class="help" id={`${id}-help`}>
          {help}
        </Help>
      )}
    </div>
  );
}

interface ErrorTextProps {
  label: string;
  id: string;
  messages: readonly string[] | undefined;
  /** Shows each message in a paragraph of its own. */
  isList?: boolean;
}

function ErrorText({ label, id, messages, isList = false }: ErrorTextProps) {
  if (!messages) return null;
  const texts = isList ? messages : [messages.join('; ')];
  return (
    <div id={id}>
      {texts.map((text) => (
        <p class="error" key={text}>{`${label} ${text}`}</p>
      ))}
    </div>
  );
}

/** At the top of a form: the summary, or the list of field errors. */
export function ErrorSummary({ errors }: { errors: FormErrors }) {
  if (errors.summary === null && errors.fields.size === 0) return null;
  return (
    <div class="errors" role="alert">
      <p>{errors.summary ?? 'Some fields need another look. Nothing was changed.'}</p>
      {errors.fields.size > 0 && (
        <ul>
          {[...errors.fields].flatMap(([name, messages]) =>
            messages.map((message) => (
              <li key={`${name} ${message}`}>
                <code>{name}</code> {message}
              </li>
            )),
          )}
        </ul>
      )}
    </div>
  );
}
