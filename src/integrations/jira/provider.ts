import { createHttpClient } from '../http-call.js';
import type { TicketProvider } from '../port.js';
import { createClose } from './close.js';
import { createComment } from './comment.js';
import { createCreate } from './create.js';
import { createJiraClient } from './client.js';
import { projectFinder } from './project.js';
import { jiraLimits, type JiraSettings } from './settings.js';
import { createCheck } from './tracker/check.js';
import { createPolling } from './tracker/poll.js';
import { readWebhook } from './tracker/read.js';

/**
 * Jira Cloud by its REST API, version 3. A ticket is an issue with our labels and an entity property; attachments
 * stay where they
 * are, and pictures in a text become links.
 * @throws TypeError when the address is none
 */
export function createJiraProvider(settings: JiraSettings): TicketProvider {
  const { email, apiToken, http = createHttpClient(jiraLimits) } = settings;
  const baseUrl = new URL(settings.baseUrl);
  const jira = createJiraClient({ baseUrl, email, apiToken, http });
  const findProject = projectFinder(jira, settings.projectKey);
  const comment = createComment(jira);
  const close = createClose(jira);
  return {
    name: 'jira',
    create: createCreate(jira, findProject, baseUrl, settings),
    comment,
    close: (ticket, { signal }) => close(ticket, signal),
    tracker: {
      signatureHeader: 'x-hub-signature',
      read: readWebhook,
      ...createPolling(jira, findProject),
      check: createCheck(jira, findProject, settings),
    },
    dispose: () => http.close(),
  };
}
