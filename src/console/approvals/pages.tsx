import type { HostOf } from '../../notifications/approvals/destination.js';
import type { ChannelDoc } from '../../notifications/approvals/model.js';
import type { ApprovalService } from '../../notifications/approvals/service.js';
import type { ChannelTest, TestChannel } from '../../notifications/approvals/test-call.js';
import { changedSince } from '../../http/etag.js';
import { notFound } from '../../http/problem.js';
import type { ChannelType } from '../../notifications/port.js';
import { attempt, noErrors, type FormErrors } from '../form.js';
import { definePage, pageOf, redirectTo, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import { ErrorSummary } from '../parts/field.js';
import { errorsOfEntry } from '../parts/entry-errors.js';
import { inFormWords } from '../parts/meanwhile.js';
import { ChannelForm } from './channel-fields.js';
import {
  channelInputs,
  differencesOfChannel,
  fieldsOfChannel,
  isChannelType,
  listWith,
  newChannelFields,
  typedChannel,
  typedSecrets,
  without,
  withoutEntries,
} from './channel-form.js';
import { ChannelPage } from './channel-page.js';
import { typeNames } from './channel-words.js';
import { channelPath, channelsPath, ListPage, newChannelPath } from './list-page.js';
import { NewHead, TypePage } from './new-page.js';
import { TestAnswer } from './test-card.js';

export interface ApprovalPagesDeps {
  service: ApprovalService;
  testChannel: TestChannel;
  hostOf: HostOf;
}

interface Refused {
  errors: FormErrors;
  status: number;
}

/** The channels that people are told through. */
export function approvalPages({ service, testChannel, hostOf }: ApprovalPagesDeps): PageSpec[] {
  const replace = ({ org, session, form }: PageRequest, list: unknown[]) =>
    service.replace(org, channelInputs(list), { caller: session.caller, ifMatch: form.text('etag') });

  async function showList(request: PageRequest, { errors, status }: Refused = { errors: noErrors, status: 200 }) {
    const { channels } = await service.get(request.org);
    const shown = channels.map((channel) => ({ channel, host: hostOf(request.org, channel) }));
    return pageOf('Approvals', <ListPage {...{ request, errors }} channels={shown} />, { status, wide: true });
  }

  async function showNew(request: PageRequest, type: ChannelType, refused: Refused | null = null) {
    const { version } = await service.get(request.org);
    const title = `Add a ${typeNames[type]} channel`;
    // Where it was stored until somebody removed it, its id stands in the path.
    const words = request.params.id === undefined ? changedMeanwhile : removedMeanwhile;
    const errors = refused ? inFormWords(refused.errors, refused.status, words) : noErrors;
    const fields = refused ? typedChannel(request.form) : newChannelFields;
    const body = (
      <>
        <NewHead title={title} />
        <ErrorSummary errors={errors} />
        <ChannelForm {...{ request, type, version, fields, errors }} stored={null} action={channelsPath} />
      </>
    );
    return pageOf(title, body, { status: refused?.status ?? 200 });
  }

  async function showOne(request: PageRequest, refused: Refused | null = null, test: ChannelTest | null = null) {
    const { channel, version } = await find(request);
    const stored = fieldsOfChannel(channel);
    const fields = refused ? typedChannel(request.form) : stored;
    const body = (
      <ChannelPage
        {...{ request, version, fields, test }}
        shown={{ channel, host: hostOf(request.org, channel) }}
        errors={refused ? inFormWords(refused.errors, refused.status, changedMeanwhile) : noErrors}
        differences={refused?.status === 412 ? differencesOfChannel(stored, fields) : null}
      />
    );
    return pageOf(channel.name, body, { status: refused?.status ?? 200 });
  }

  /** @throws Problem 404 */
  async function find({ org, params }: PageRequest) {
    const { channels, version } = await service.get(org);
    const channel = channels.find(({ id }) => id === params.id);
    if (!channel) throw notFound('channel');
    return { channel, channels, version };
  }

  /** Adds it, or changes it where it is stored. */
  async function save(request: PageRequest, type: ChannelType, stored: ChannelDoc | null, all: readonly ChannelDoc[]) {
    const { form } = request;
    const given = { type, ...typedChannel(form), ...typedSecrets(form, type) };
    const { list, index } = listWith(all, stored ? { id: stored.id, ...given } : given);
    const saved = await attempt(() => replace(request, list));
    if ('value' in saved) return { value: { channels: saved.value.channels, index } };
    return { ...saved, errors: withoutEntries(errorsOfEntry(saved.errors, 'channels', index)) };
  }

  return [
    definePage({ method: 'get', path: channelsPath, access: 'read', handler: (request) => showList(request) }),
    definePage({
      method: 'get',
      path: newChannelPath,
      access: 'configure',
      handler: async (request): Promise<PageReply> => {
        const type = request.query.get('type') ?? '';
        return isChannelType(type) ? showNew(request, type) : pageOf('Add a channel', <TypePage />);
      },
    }),
    definePage({
      method: 'post',
      path: channelsPath,
      access: 'configure',
      handler: async (request) => {
        const type = request.form.text('type');
        if (!isChannelType(type)) return redirectTo(newChannelPath);
        const { channels } = await service.get(request.org);
        const added = await save(request, type, null, channels);
        if ('errors' in added) return showNew(request, type, added);
        const { id = '', name = '' } = added.value.channels[added.value.index] ?? {};
        return redirectTo(channelPath(id), { notice: `${name} is added. Send a test to see it arrive.` });
      },
    }),
    definePage({
      method: 'get',
      path: `${channelsPath}/{id}`,
      access: 'read',
      handler: (request) => showOne(request),
    }),
    definePage({
      method: 'post',
      path: `${channelsPath}/{id}`,
      access: 'configure',
      handler: async (request) => {
        const { channels } = await service.get(request.org);
        const channel = channels.find(({ id }) => id === request.params.id);
        const type = channel?.type ?? request.form.text('type');
        if (!channel && isChannelType(type)) return showNew(request, type, { errors: noErrors, status: 412 });
        if (!channel) throw notFound('channel');
        const saved = await save(request, channel.type, channel, channels);
        if ('errors' in saved) return showOne(request, saved);
        return redirectTo(channelPath(channel.id), { notice: 'Saved.' });
      },
    }),
    definePage({
      method: 'post',
      path: `${channelsPath}/{id}/test`,
      access: 'configure',
      handler: async (request) => {
        const { channel } = await find(request);
        const tested = await attempt(() => testChannel(request.org, channel.id));
        const test =
          'value' in tested ? tested.value : { ok: false, status: null, detail: tested.errors.summary ?? '' };
        if (request.part === 'answer') return { kind: 'part', body: <TestAnswer test={test} /> };
        return showOne(request, null, test);
      },
    }),
    definePage({
      method: 'post',
      path: `${channelsPath}/{id}/remove`,
      access: 'configure',
      handler: async (request) => {
        const { channels } = await service.get(request.org);
        const { id = '' } = request.params;
        const removed = await attempt(async () => {
          if (!channels.some((channel) => channel.id === id)) throw changedSince();
          await replace(request, without(channels, id));
        });
        if ('value' in removed) return redirectTo(channelsPath, { notice: 'The channel is removed.' });
        const errors = inFormWords(removed.errors, removed.status, listChanged);
        return showList(request, { errors, status: removed.status });
      },
    }),
  ];
}

const changedMeanwhile =
  'Somebody changed the channels meanwhile. What you typed is kept below, but for secrets; nothing was saved.';
const removedMeanwhile =
  'Somebody removed this channel meanwhile. What you typed is kept below, but for secrets: adding makes a new one.';
const listChanged = 'Somebody changed the channels meanwhile: this is how they are now. Nothing was removed.';
