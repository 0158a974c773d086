import type { ConnectionProvider, SecretName } from '../../integrations/connections/model.js';
import { pollSeconds } from '../../config/setting-rules.js';
import { reopenPolicies, type ReopenPolicy } from '../../integrations/reopen-policy.js';
import type { Field } from '../forms/field.js';

export interface SecretField {
  name: SecretName;
  label: string;
  help: string;
}

/** What a provider's connections consist of, and how its pages describe that. */
export interface ProviderForm {
  title: string;
  description: string;
  /** Their names are paths of the API: `settings.base_url`. */
  settings: Field[];
  secrets: SecretField[];
  severity: { help: string; example: string };
}

const reopenLabels: Record<ReopenPolicy, string> = {
  reopen: 'reopen it here',
  new_ticket: 'close it again and open a new one',
  ignore: 'ignore it',
};

const polling: Field[] = [
  {
    name: 'settings.poll_interval_seconds',
    label: 'Poll interval, in seconds',
    kind: 'number',
    placeholder: String(pollSeconds.default),
    help: `Polling finds changes whose webhook was lost. ${pollSeconds.min} to ${pollSeconds.max}; ${pollSeconds.default} by default.`,
  },
  {
    name: 'settings.on_reopen',
    label: 'When a ticket is reopened in the tracker',
    kind: 'select',
    options: reopenPolicies.map((value) => ({ value, label: reopenLabels[value] })),
  },
];

const webhookSecret: SecretField = {
  name: 'webhook_secret',
  label: 'Webhook secret',
  help: 'Signs the tracker’s webhooks: 16 to 255 visible ASCII characters.',
};

export const providerForms: Record<ConnectionProvider, ProviderForm> = {
  jira: {
    title: 'Jira',
    description: 'A project of a Jira Cloud site. Needs an account’s e-mail address and its API token.',
    settings: [
      {
        name: 'settings.base_url',
        label: 'Site',
        kind: 'url',
        required: true,
        placeholder: 'https://acme.atlassian.net',
      },
      {
        name: 'settings.email',
        label: 'E-mail of the account',
        kind: 'text',
        help: 'Without it the token is sent as a bearer token, which OAuth and scoped tokens need.',
      },
      {
        name: 'settings.project_key',
        label: 'Project',
        kind: 'text',
        placeholder: 'SEC',
        help: 'The project’s key. Optional if the account can see one project only.',
      },
      { name: 'settings.issue_type', label: 'Issue type', kind: 'text', placeholder: 'Task' },
      ...polling,
    ],
    secrets: [{ name: 'api_token', label: 'API token', help: 'Of that account.' }, webhookSecret],
    severity: { help: 'The name of the priority. An empty field uses the routing’s mapping.', example: 'Highest' },
  },
  servicenow: {
    title: 'ServiceNow',
    description: 'A table of a ServiceNow instance. Needs a user with a password, a token, or an OAuth client.',
    settings: [
      {
        name: 'settings.base_url',
        label: 'Instance',
        kind: 'url',
        required: true,
        placeholder: 'https://acme.service-now.com',
      },
      {
        name: 'settings.auth',
        label: 'Authentication',
        kind: 'select',
        options: [
          { value: 'basic', label: 'user name and password' },
          { value: 'bearer', label: 'a bearer token' },
          { value: 'oauth', label: 'an OAuth client' },
        ],
      },
      { name: 'settings.username', label: 'User name', kind: 'text', help: 'For user name and password.' },
      { name: 'settings.client_id', label: 'Client id', kind: 'text', help: 'For an OAuth client.' },
      {
        name: 'settings.table',
        label: 'Table',
        kind: 'text',
        placeholder: 'incident',
        help: 'A table with the states of incident.',
      },
      {
        name: 'settings.close_code',
        label: 'Close code',
        kind: 'text',
        placeholder: 'Solved (Permanently)',
        help: 'By default the first one that the instance offers.',
      },
      {
        name: 'settings.comment_field',
        label: 'Comments go to',
        kind: 'select',
        options: [
          { value: 'comments', label: 'comments, which the caller can see' },
          { value: 'work_notes', label: 'work notes, which are internal' },
        ],
      },
      ...polling,
    ],
    secrets: [
      { name: 'api_token', label: 'Password or token', help: 'For a user name, or for a bearer token.' },
      { name: 'client_secret', label: 'Client secret', help: 'For an OAuth client.' },
      webhookSecret,
    ],
    severity: {
      help: 'Impact/urgency, each from 1 to 3. An empty field uses the routing’s mapping.',
      example: '1/1',
    },
  },
  webhook: {
    title: 'Generic webhook',
    description: 'Signed HTTP calls to your own receiver, for any other tracker.',
    settings: [
      {
        name: 'settings.url',
        label: 'URL of the receiver',
        kind: 'url',
        required: true,
        placeholder: 'https://tracker.example/hooks/drawbridge',
      },
    ],
    secrets: [{ ...webhookSecret, help: 'Signs calls in both directions: 16 to 255 visible ASCII characters.' }],
    severity: {
      help: 'A word, or impact/urgency. An empty field uses the routing’s mapping.',
      example: 'sev1',
    },
  },
};
