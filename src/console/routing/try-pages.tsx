import type { NewestEvent } from '../../escalations/policies/newest-event.js';
import { schemaFor, type EventData } from '../../events/schema.js';
import { validate } from '../../http/validation.js';
import { attempt, hasErrors, noErrors, type FormErrors } from '../forms/errors.js';
import type { FormValues } from '../forms/field.js';
import { ErrorSummary, Fields } from '../forms/fields.js';
import { defineForm } from '../forms/form.js';
import { jsonText } from '../forms/json.js';
import { PostForm } from '../forms/post-form.js';
import { definePage, pageOf, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import { RoutingHead, tryPath } from './head.js';
import { PreviewPart } from './preview-part.js';
import { previewOf, type PreviewDeps, type RoutingPreview } from './preview.js';
import { parseJsonExactly } from '../../lib/json/index.js';

/** Until the org has an event: one with everything that an escalation copies. */
const sample = {
  risk: 92,
  decision: 'blocked',
  gateway: { id: 'gw-1', name: 'Edge', environment: 'production' },
  actor: { id: 'u-7', name: 'Ada', email: 'ada@example.com', type: 'user' },
  reason: 'The prompt holds card numbers.',
  context: { model: 'gpt', detectors: ['pan'] },
};

/** Keeps the page small. A larger event can be pasted. */
const maxNewestLength = 24 * 1024;

/** @param isNewest whether the text is the newest event's */
const formFor = (isNewest: boolean) =>
  defineForm([
    {
      name: 'data',
      label: 'Data of an event.created',
      kind: 'json',
      rows: { min: 18, max: 30 },
      help: isNewest ? (
        <>
          From your newest event. Nothing is stored, and nobody is notified.{' '}
          <a href={`${tryPath}?sample`}>Use a sample instead</a>
        </>
      ) : (
        'As sent to POST /events. Nothing is stored, and nobody is notified.'
      ),
    },
  ]);

/** The target element of htmx for the result. */
const previewId = 'preview';

interface TryState {
  values: FormValues;
  isNewest?: boolean;
  errors?: FormErrors;
  preview?: RoutingPreview;
  status?: number;
}

/** Takes an event's data, and shows what the event would cause. Changes nothing. */
export function tryPages({ newestEvent, ...deps }: PreviewDeps & { newestEvent: NewestEvent }): PageSpec[] {
  function show(
    request: PageRequest,
    { values, isNewest = false, errors = noErrors, preview, status = 200 }: TryState,
  ): PageReply {
    const result = (
      <>
        <ErrorSummary errors={errors} />
        {preview && <PreviewPart preview={preview} />}
      </>
    );
    // htmx replaces the result only and leaves the field as it is, so the result includes the field's errors.
    if (request.part === previewId) return { kind: 'part', status, body: result };
    const body = (
      <>
        <RoutingHead at={tryPath} />
        <div class="halves">
          <PostForm session={request.session} action={tryPath} inPlace={{ target: `#${previewId}`, swap: 'innerHTML' }}>
            <Fields state={{ form: formFor(isNewest), values, errors }} />
            <button class="primary">Try it</button>
          </PostForm>
          <div id={previewId} aria-live="polite">
            {preview || hasErrors(errors) ? result : <Introduction />}
          </div>
        </div>
      </>
    );
    return pageOf('Try routing', body, { status, wide: true });
  }

  return [
    definePage({
      method: 'get',
      path: tryPath,
      access: 'read',
      handler: async (request) => {
        const newest = request.query.has('sample') ? null : await newestEvent(request.org);
        const indented =
          newest !== null && newest.length <= maxNewestLength ? jsonText(parseJsonExactly(newest)) : null;
        const isNewest = indented !== null && indented.length <= 2 * maxNewestLength;
        return show(request, { values: { data: isNewest ? indented : jsonText(sample) }, isNewest });
      },
    }),
    definePage({
      method: 'post',
      path: tryPath,
      audit: { none: 'a trial changes nothing' },
      access: 'read',
      handler: async (request) => {
        const form = formFor(false);
        const values = form.read(request.form);
        const tried = await attempt(
          async () => previewOf(deps, request.org, eventDataOf(form.body(values).data)),
          form.errorsOf,
        );
        if ('errors' in tried) return show(request, { values, ...tried });
        return show(request, { values, preview: tried.value });
      },
    }),
  ];
}

/** Validates the data as the API does. @throws Problem 422 */
function eventDataOf(data: unknown): EventData {
  const event = { type: 'event.created', data };
  const [validated] = validate(schemaFor(event), event).events;
  if (!validated) throw new Error('The schema returned no event.');
  return validated.data;
}

const Introduction = () => (
  <p class="dim">
    The result shows which policy would match, which escalation it would raise, whether a ticket would be opened, and
    who would be notified.
  </p>
);
