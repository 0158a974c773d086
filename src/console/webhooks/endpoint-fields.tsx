import { eventTypes } from '../../events/types.js';
import type { FormErrors } from '../form.js';
import { Field, TextField } from '../parts/field.js';
import { eventSentences } from './words.js';

/** What stands in the fields: what was typed, or what is so. */
export interface Typed {
  url: string;
  events: readonly string[];
  description: string;
  /** Lines of `Name: value`. */
  headers: string;
  rate: string;
  ordered: boolean;
}

interface FieldsProps {
  typed: Typed;
  errors: FormErrors;
  /** Names of the headers that are set: their values are not shown. */
  headerNames?: readonly string[];
  replaceHeaders?: boolean;
  isNew?: boolean;
}

/** The fields of an endpoint, to make one or to change one. */
export function EndpointFields({
  typed,
  errors,
  headerNames = [],
  replaceHeaders = false,
  isNew = false,
}: FieldsProps) {
  return (
    <>
      <TextField
        label="URL"
        name="url"
        type="url"
        value={typed.url}
        errors={errors}
        required
        autofocus={isNew}
        placeholder="https://example.com/hooks"
        maxlength={2000}
        help="Events are posted there, signed. Redirects are not followed; any 2xx counts as received."
      />
      <EventChoices chosen={typed.events} error={errors.fields.get('events')} />
      <TextField
        label="Description"
        name="description"
        value={typed.description}
        errors={errors}
        maxlength={1000}
        help="Whose it is, for the list."
      />
      <fieldset>
        <legend class={headerNames.length > 0 ? undefined : 'hidden'}>Headers of your own</legend>
        {headerNames.length > 0 && (
          <>
            <label class="check">
              <input type="radio" name="replace_headers" value="no" checked={!replaceHeaders} />
              <span>
                Keep as they are: <code>{headerNames.join(', ')}</code>
              </span>
            </label>
            <label class="check">
              <input type="radio" name="replace_headers" value="yes" checked={replaceHeaders} />
              Replace all of them
            </label>
          </>
        )}
        <Field
          label="Headers"
          name="headers"
          errors={errors}
          help="Sent along with each delivery, one a line. Values are never shown again, and must be typed again when the URL moves to another host."
        >
          {(control) => (
            <textarea {...control} class="code" rows={3} spellcheck={false} placeholder="X-Team: governance">
              {typed.headers}
            </textarea>
          )}
        </Field>
      </fieldset>
      <TextField
        label="Rate limit"
        name="rate_limit_per_second"
        value={typed.rate}
        errors={errors}
        maxlength={5}
        help="Deliveries a second at most; empty for as many as there are."
      />
      <label class="check">
        <input type="checkbox" name="ordered" checked={typed.ordered} aria-describedby="ordered-help" />
        Ordered
      </label>
      <p class="help" id="ordered-help">
        One at a time, in the order in which events came. One that fails holds back those behind it.
      </p>
    </>
  );
}

function EventChoices({ chosen, error }: { chosen: readonly string[]; error: string | undefined }) {
  return (
    <fieldset class={error === undefined ? 'events' : 'events wrong'} aria-describedby={error && 'events-error'}>
      <legend>Events</legend>
      {error !== undefined && (
        <p class="error" id="events-error">
          Events {error}
        </p>
      )}
      {eventTypes.map((type) => (
        <label class="check" key={type}>
          <input type="checkbox" name="events" value={type} checked={chosen.includes(type)} />
          <span>
            <code>{type}</code> <span class="dim">{eventSentences[type]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
