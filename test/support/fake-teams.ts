import { FakeService, isObject, objects, textsIn, type Served, type Received } from './fake-service.js';

const path = '/workflows/0fake/triggers/manual/paths/invoke?api-version=2016-06-01&sig=canary-teams-signature';

/** A Workflows webhook. Like the real one it takes a card that Teams could not show; what is wrong with it is on record. */
export class FakeTeams extends FakeService {
  /** What each card shows as it is, and what it would read Markdown in. */
  readonly cards: { shown: string[]; markdown: string[]; links: string[]; bytes: number }[] = [];

  constructor() {
    super((received) => this.take(received));
  }

  get url(): string {
    return this.origin + path;
  }

  private take({ method, path: asked, json, rawBody }: Received): Served {
    if (method !== 'POST' || asked !== path) return refused(401, 'DirectApiAuthorizationRequired');
    if (!isObject(json)) return refused(400, 'InvalidRequestContent');
    if (rawBody.length > 28 * 1024) return refused(413, 'RequestEntityTooLarge');
    const card = objects(json.attachments)[0]?.content;
    const elements = isObject(card) ? objects(card.body) : [];
    const actions = isObject(card) ? objects(card.actions) : [];
    this.cards.push({
      shown: elements.flatMap(({ inlines }) => objects(inlines).map(({ text }) => String(text))),
      markdown: elements.filter(({ type }) => type !== 'RichTextBlock').flatMap(textsIn),
      links: actions.map(({ url }) => String(url)),
      bytes: rawBody.length,
    });
    return { status: 202, body: '', faults: faultsOf(json) };
  }
}

const refused = (status: number, code: string): Served => ({
  status,
  body: { error: { code, message: 'canary-teams-signature' } },
  faults: [`HTTP ${status} ${code}`],
});

function faultsOf(message: Record<string, unknown>): string[] {
  const [attachment, ...more] = objects(message.attachments);
  const card = attachment?.content;
  if (!isObject(card) || more.length > 0) return ['not one card'];
  const elements = objects(card.body);
  return [
    ...(message.type === 'message' ? [] : ['not a message']),
    ...(attachment?.contentType === 'application/vnd.microsoft.card.adaptive' ? [] : ['contentType']),
    ...(attachment?.contentUrl === null ? [] : ['contentUrl']),
    ...(card.type === 'AdaptiveCard' && card.version === '1.4' ? [] : ['not an Adaptive Card 1.4']),
    ...(card.$schema === 'http://adaptivecards.io/schemas/adaptive-card.json' ? [] : ['$schema']),
    ...(elements.length > 0 ? [] : ['an empty body']),
    ...elements.flatMap(elementFaults),
    ...objects(card.actions).flatMap(actionFaults),
    ...textsIn(card.body).flatMap((text) => [
      ...(/\{\{|\$\{/.test(text) ? [`a template: ${text}`] : []),
      ...(/<\/?at\b/i.test(text) ? [`a mention: ${text}`] : []),
    ]),
    ...('msteams' in card ? ['mentions'] : []),
  ];
}

function elementFaults({ type, inlines }: Record<string, unknown>): string[] {
  if (type !== 'RichTextBlock') return type === 'TextBlock' || type === 'FactSet' ? [] : [`unknown ${String(type)}`];
  const runs = objects(inlines);
  const broken = runs.some((run) => run.type !== 'TextRun' || typeof run.text !== 'string' || run.text === '');
  return runs.length === 0 || broken ? ['a RichTextBlock without texts'] : [];
}

function actionFaults({ type, title, url }: Record<string, unknown>): string[] {
  const whole = type === 'Action.OpenUrl' && typeof title === 'string' && /^https?:\/\//.test(String(url));
  return whole ? [] : ['an action that opens nothing'];
}
