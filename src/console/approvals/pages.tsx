import type { HostOf } from '../../notifications/approvals/destination.js';
import type { ChannelDoc } from '../../notifications/approvals/model.js';
import { replaceApprovalsBody, type ChannelInput } from '../../notifications/approvals/schema.js';
import type { ApprovalService } from '../../notifications/approvals/service.js';
import type { ChannelTest, TestChannel } from '../../notifications/approvals/test-call.js';
import type { Audited } from '../../http/audit.js';
import { changedSince } from '../../http/etag.js';
import { notFound } from '../../http/problem.js';
import { channelTypes, type ChannelType } from '../../notifications/port.js';
import { attempt, noErrors, type Refusal } from '../forms/errors.js';
import { withStaleEditNotice } from '../forms/stale-edit.js';
import { definePage, pageOf, redirectTo, type PageReply, type PageRequest, type PageSpec } from '../page.js';
import { channelForm, indexOf, listWith, listWithout, newChannelValues, storedValues } from './channel-form.js';
import { ChannelPage, testResultId, TestResult } from './channel-page.js';
import { typeLabels } from './labels.js';
import { channelPath, channelsPath, ListPage, newChannelPath } from './list-page.js';
import { NewPage, TypePage } from './new-page.js';

export interface ApprovalPagesDeps {
  service: ApprovalService;
  testChannel: TestChannel;
  hostOf: HostOf;
}

const approvalsReplaced: Audited = { action: 'approvals.replaced', subject: '/orgs/{org}/approvals' };

const notices = {
  channelsChanged:
    'Somebody else changed the channels. Your input is kept below, except for secrets. Nothing was saved.',
  channelRemoved:
    'Somebody else removed this channel. Your input is kept below, except for secrets. Adding it creates a new channel.',
  notRemoved: 'Somebody else changed the channels. This is their current state. Nothing was removed.',
};

/** The notification channels of an org: list, add, edit, test and remove. */
export function approvalPages({ service, testChannel, hostOf }: ApprovalPagesDeps): PageSpec[] {
  const replace = ({ org, session, form }: PageRequest, list: ChannelInput[]) =>
    service.replace(org, list, { caller: session.caller, ifMatch: form.text('etag') });

  async function showList(request: PageRequest, refusal: Refusal | null = null) {
    const { channels } = await service.get(request.org);
    const views = channels.map((channel) => ({ channel, host: hostOf(request.org, channel) }));
    const errors = refusal ? withStaleEditNotice(refusal, notices.notRemoved) : noErrors;
    return pageOf('Approvals', <ListPage request={request} channels={views} errors={errors} />, {
      status: refusal?.status ?? 200,
      wide: true,
    });
  }

  async function showNew(request: PageRequest, type: ChannelType, refusal: Refusal | null = null) {
    const { version } = await service.get(request.org);
    // With an id in the path, the form edited a channel that has been removed.
    const notice = request.params.id === undefined ? notices.channelsChanged : notices.channelRemoved;
    const form = channelForm(type, null);
    const state = {
      form,
      values: refusal ? form.read(request.form) : newChannelValues,
      errors: refusal ? withStaleEditNotice(refusal, notice) : noErrors,
    };
    const title = `Add a ${typeLabels[type]} channel`;
    const body = <NewPage request={request} title={title} type={type} state={state} version={version} />;
    return pageOf(title, body, { status: refusal?.status ?? 200 });
  }

  async function showOne(request: PageRequest, refusal: Refusal | null = null, test: ChannelTest | null = null) {
    const { channel, version } = await find(request);
    const form = channelForm(channel.type, channel);
    const stored = storedValues(channel);
    const values = refusal ? form.read(request.form) : stored;
    const errors = refusal ? withStaleEditNotice(refusal, notices.channelsChanged) : noErrors;
    const body = (
      <ChannelPage
        request={request}
        view={{ channel, host: hostOf(request.org, channel) }}
        version={version}
        state={{ form, values, errors }}
        differences={refusal?.status === 412 ? form.differences(stored, values) : null}
        test={test}
      />
    );
    return pageOf(channel.name, body, { status: refusal?.status ?? 200 });
  }

  /** @throws Problem 404 */
  async function find({ org, params }: PageRequest) {
    const { channels, version } = await service.get(org);
    const channel = channels.find(({ id }) => id === params.id);
    if (!channel) throw notFound('channel');
    return { channel, version };
  }

  /** Adds a channel, or changes a stored one. @returns the saved channel */
  async function save(request: PageRequest, type: ChannelType, stored: ChannelDoc | null, all: readonly ChannelDoc[]) {
    const form = channelForm(type, stored);
    const index = indexOf(all, stored?.id);
    const path = `channels[${index}]`;
    return attempt(
      async () => {
        const input = form.parse(replaceApprovalsBody, form.read(request.form), {
          extra: { type, id: stored?.id },
          embed: { path, body: (channel) => ({ channels: listWith(all, index, channel) }) },
        });
        const { channels } = await replace(request, input.channels);
        return channels[index];
      },
      (problem) => form.errorsOf(problem, path),
    );
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
      audit: approvalsReplaced,
      access: 'configure',
      handler: async (request) => {
        const type = request.form.text('type');
        if (!isChannelType(type)) return redirectTo(newChannelPath);
        const { channels } = await service.get(request.org);
        const added = await save(request, type, null, channels);
        if ('errors' in added) return showNew(request, type, added);
        const { id = '', name = '' } = added.value ?? {};
        return redirectTo(channelPath(id), { notice: `${name} was added. Send a test to check it.` });
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
      audit: approvalsReplaced,
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
      audit: { action: 'channel.tested', subject: '/orgs/{org}/approvals/{id}' },
      access: 'configure',
      handler: async (request) => {
        const { channel } = await find(request);
        const tested = await attempt(() => testChannel(request.org, channel.id));
        const test =
          'value' in tested ? tested.value : { ok: false, status: null, detail: tested.errors.summary ?? '' };
        if (request.part === testResultId) return { kind: 'part', body: <TestResult test={test} /> };
        return showOne(request, null, test);
      },
    }),
    definePage({
      method: 'post',
      path: `${channelsPath}/{id}/remove`,
      audit: approvalsReplaced,
      access: 'configure',
      handler: async (request) => {
        const { channels } = await service.get(request.org);
        const { id = '' } = request.params;
        const removed = await attempt(async () => {
          if (!channels.some((channel) => channel.id === id)) throw changedSince();
          await replace(request, listWithout(channels, id));
        });
        if ('errors' in removed) return showList(request, removed);
        return redirectTo(channelsPath, { notice: 'The channel was removed.' });
      },
    }),
  ];
}

const isChannelType = (text: string): text is ChannelType => (channelTypes as readonly string[]).includes(text);
