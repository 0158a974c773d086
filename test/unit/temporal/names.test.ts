import { describe, expect, it } from 'vitest';
import { initialTicketAttributes, ticketAttributes } from '../../../workflows/contracts/search-attributes.js';
import { providersQueueOf, pumpsQueueOf, taskQueues, urgentQueueOf } from '../../../workflows/contracts/task-queues.js';
import { ticketWorkflowId, workflowAddress } from '../../../workflows/contracts/workflow-ids.js';

describe('task queues', () => {
  it.each(['', '-blue', '-lifecycles-2'])('are found by a workflow from its own, with the suffix %j too', (suffix) => {
    const queues = taskQueues(suffix);
    expect(providersQueueOf(queues.lifecycles)).toBe(queues.providers);
    expect(urgentQueueOf(queues.lifecycles)).toBe(queues.urgent);
    expect(pumpsQueueOf(queues.lifecycles)).toBe(queues.pumps);
    expect(new Set(Object.values(queues)).size).toBe(4);
  });
});

describe('a workflow’s address', () => {
  const id = ticketWorkflowId('acme', 'tkt_1');

  it('names the org and the link, and no run', () => {
    expect(id).toBe('ticket/acme/tkt_1');
    expect(workflowAddress(id, { namespace: 'default', uiUrl: 'http://localhost:8233' })).toEqual({
      id,
      url: 'http://localhost:8233/namespaces/default/workflows/ticket%2Facme%2Ftkt_1',
    });
  });

  it('is null without a UI', () => {
    expect(workflowAddress(id, { namespace: 'default', uiUrl: undefined })).toEqual({ id, url: null });
  });

  it('is one path segment each, whatever is in a name', () => {
    const { url } = workflowAddress('a/../b?c#d', { namespace: 'x/y', uiUrl: 'https://ui.example' });
    expect(new URL(url ?? '').pathname.split('/')).toHaveLength(5);
    expect(new URL(url ?? '').search + new URL(url ?? '').hash).toBe('');
  });
});

describe('search attributes', () => {
  const valuesOf = (pairs: { key: { name: string }; value: unknown }[]) =>
    Object.fromEntries(pairs.map(({ key, value }) => [key.name, value]));
  const link = { org_id: 'acme', subject: { id: 'er_1' }, provider: 'mock', draft: { severity: null } };

  it('carry ids and states from the start, and a severity where there is one', () => {
    const start = { OrgId: 'acme', Subject: 'er_1', Provider: 'mock', LifecycleStatus: 'pending' };
    expect(valuesOf(initialTicketAttributes(link))).toEqual(start);
    expect(valuesOf(initialTicketAttributes({ ...link, draft: { severity: 'high' } }))).toEqual({
      ...start,
      Severity: 'high',
    });
  });

  it('leave the external id out until there is one, and cap it as the server does', () => {
    const state = { provider: 'mock', lifecycle: 'open' };
    expect(valuesOf(ticketAttributes({ ...state, externalId: null }))).not.toHaveProperty('ExternalId');
    expect(valuesOf(ticketAttributes({ ...state, externalId: 'x'.repeat(300) })).ExternalId).toHaveLength(255);
  });
});
