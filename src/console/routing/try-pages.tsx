import type { NewestEvent } from '../../escalations/policies/newest-event.js';
import { schemaFor, type EventData } from '../../events/schema.js';
import { validate } from '../../http/validation.js';
import { attempt, noErrors, type FormErrors } from '../form.js';
import { definePage, pageOf, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import { ErrorSummary } from '../parts/field.js';
import { FormToken } from '../parts/form-token.js';
import { inWords, JsonField, jsonText, parseJson } from './json-field.js';
import { RoutingHead } from './tabs.js';
import { verdictOf, type Verdict, type VerdictDeps } from './verdict.js';
import { VerdictPart } from './verdict-part.js';

const path = '/settings/routing/try';

/** Where there is no event yet: all that an escalation takes over. */
const sample = {
  risk: 92,
  decision: 'blocked',
  gateway: { id: 'gw-1', name: 'Edge', environment: 'production' },
  actor: { id: 'u-7', name: 'Ada', email: 'ada@example.com', type: 'user' },
  reason: 'The prompt holds card numbers.',
  context: { model: 'gpt', detectors: ['pan'] },
};

/** A page with it stays small; who wants to try a larger one pastes it. */
const longestNewest = 24 * 1024;

interface Shown {
  text: string;
  errors: FormErrors;
  verdict: Verdict | null;
  status: number;
  /** Whether the text is an event's. */
  isNewest?: boolean;
}

/** An event's data in, what would come of it out. It changes nothing. */
export function tryPages({ newestEvent, ...deps }: VerdictDeps & { newestEvent: NewestEvent }): PageSpec[] {
  function show(request: PageRequest, { text, errors, verdict, status, isNewest = false }: Shown): PageReply {
    const answer = (
      <>
        <ErrorSummary errors={errors} />
        {verdict && <VerdictPart verdict={verdict} />}
      </>
    );
    // In place the field stays as it is, so what is wrong with it stands in the answer.
    if (request.part === 'verdict') return { kind: 'part', status, body: answer };
    const body = (
      <>
        <RoutingHead at={path} />
        <div class="halves">
          <form method="post" action={path} hx-post={path} hx-target="#verdict" hx-swap="innerHTML">
            <FormToken session={request.session} />
            <JsonField
              label="Data of an event.created"
              name="data"
              value={text}
              rows={Math.min(30, Math.max(18, text.split('\n').length + 1))}
              errors={errors}
              help={isNewest ? <FromNewest /> : 'As it would be sent to POST /events. Nothing is stored, nobody told.'}
            />
            <button class="primary">Try it</button>
          </form>
          <div id="verdict" aria-live="polite">
            {errors.fields.size === 0 && errors.summary === null && !verdict ? <Waiting /> : answer}
          </div>
        </div>
      </>
    );
    return pageOf('Try routing', body, { status, wide: true });
  }

  return [
    definePage({
      method: 'get',
      path,
      access: 'read',
      handler: async (request) => {
        const newest = request.query.has('sample') ? null : await newestEvent(request.org);
        const laidOut = newest !== null && newest.length <= longestNewest ? jsonText(JSON.parse(newest)) : null;
        const isNewest = laidOut !== null && laidOut.length <= 2 * longestNewest;
        const text = isNewest ? laidOut : jsonText(sample);
        return show(request, { text, errors: noErrors, verdict: null, status: 200, isNewest });
      },
    }),
    definePage({
      method: 'post',
      path,
      access: 'read',
      handler: async (request) => {
        const text = request.form.raw('data');
        const tried = await attempt(async () => verdictOf(deps, request.org, dataOf(text)));
        if ('value' in tried) return show(request, { text, errors: noErrors, verdict: tried.value, status: 200 });
        return show(request, { text, errors: inWords(tried.errors, 'data'), verdict: null, status: tried.status });
      },
    }),
  ];
}

/** @throws Problem 422, as the API's */
function dataOf(text: string): EventData {
  const event = { type: 'event.created', data: parseJson(text, 'data') };
  const [{ data } = { data: null }] = validate(schemaFor(event), event).events;
  if (data === null) throw new Error('One event was read as none.');
  return data;
}

const FromNewest = () => (
  <>
    Of your newest event. Nothing is stored, nobody told. <a href={`${path}?sample`}>Use a sample instead</a>
  </>
);

const Waiting = () => (
  <p class="dim">
    Here it shows which policy would match, what it would raise, whether a ticket would be opened, and who would be
    told.
  </p>
);
