import type { ConnectionProvider, SecretName } from '../../integrations/connections/model.js';
import { pollSeconds } from '../../config/setting-rules.js';
import { reopenPolicies, type ReopenPolicy } from '../../integrations/reopen-policy.js';

/** A setting as a form asks for it. */
export interface SettingField {
  /** In the API. */
  name: string;
  label: string;
  kind: 'url' | 'text' | 'number' | { value: string; words: string }[];
  required?: true;
  placeholder?: string;
  help?: string;
}

export interface SecretField {
  name: SecretName;
  label: string;
  help: string;
}

/** What a provider's forms say and ask for. */
export interface ProviderForm {
  title: string;
  /** What it takes, in a sentence. */
  what: string;
  settings: SettingField[];
  secrets: SecretField[];
  /** What a severity is called there, and an example. */
  severity: { help: string; example: string };
}

const reopenWords: Record<ReopenPolicy, string> = {
  reopen: 'reopen it here',
  new_ticket: 'close it again and open a new one',
  ignore: 'ignore it',
};

const polling: SettingField[] = [
  {
    name: 'poll_interval_seconds',
    label: 'Asked every, in seconds',
    kind: 'number',
    placeholder: String(pollSeconds.usual),
    help: `For what no webhook brought: ${pollSeconds.least} to ${pollSeconds.most}, usually ${pollSeconds.usual}.`,
  },
  {
    name: 'on_reopen',
    label: 'When a ticket is reopened there',
    kind: reopenPolicies.map((value) => ({ value, words: reopenWords[value] })),
  },
];

const inbound: SecretField = {
  name: 'webhook_secret',
  label: 'Webhook secret',
  help: 'Signs what the tracker sends here: 16 to 255 visible ASCII characters.',
};

export const providerForms: Record<ConnectionProvider, ProviderForm> = {
  jira: {
    title: 'Jira',
    what: 'A project of a Jira Cloud site. Takes an account’s e-mail and its API token.',
    settings: [
      {
        name: 'base_url',
        label: 'Site',
        kind: 'url',
        required: true,
        placeholder: 'https://acme.atlassian.net',
      },
      {
        name: 'email',
        label: 'E-mail of the account',
        kind: 'text',
        help: 'Without one the token is sent as Bearer, as OAuth and scoped tokens want it.',
      },
      {
        name: 'project_key',
        label: 'Project',
        kind: 'text',
        placeholder: 'SEC',
        help: 'Its key. May be left out when the account sees one project only.',
      },
      { name: 'issue_type', label: 'Issue type', kind: 'text', placeholder: 'Task' },
      ...polling,
    ],
    secrets: [{ name: 'api_token', label: 'API token', help: 'Of that account.' }, inbound],
    severity: { help: 'The priority’s name. Left empty: what routing says.', example: 'Highest' },
  },
  servicenow: {
    title: 'ServiceNow',
    what: 'A table of a ServiceNow instance. Takes a user and its password, a token, or an OAuth client.',
    settings: [
      {
        name: 'base_url',
        label: 'Instance',
        kind: 'url',
        required: true,
        placeholder: 'https://acme.service-now.com',
      },
      {
        name: 'auth',
        label: 'Signs in by',
        kind: [
          { value: 'basic', words: 'user name and password' },
          { value: 'bearer', words: 'a bearer token' },
          { value: 'oauth', words: 'an OAuth client' },
        ],
      },
      { name: 'username', label: 'User name', kind: 'text', help: 'For user name and password.' },
      { name: 'client_id', label: 'Client id', kind: 'text', help: 'For an OAuth client.' },
      { name: 'table', label: 'Table', kind: 'text', placeholder: 'incident', help: 'One that has incident’s states.' },
      {
        name: 'close_code',
        label: 'Close code',
        kind: 'text',
        placeholder: 'Solved (Permanently)',
        help: 'Left empty: the first that the instance offers.',
      },
      {
        name: 'comment_field',
        label: 'Comments go to',
        kind: [
          { value: 'comments', words: 'comments, which the caller sees' },
          { value: 'work_notes', words: 'work notes, which stay inside' },
        ],
      },
      ...polling,
    ],
    secrets: [
      { name: 'api_token', label: 'Password or token', help: 'For a user name or a bearer token.' },
      { name: 'client_secret', label: 'Client secret', help: 'For an OAuth client.' },
      inbound,
    ],
    severity: { help: 'Impact/urgency, each 1 to 3. Left empty: what routing says.', example: '1/1' },
  },
  webhook: {
    title: 'Generic webhook',
    what: 'Signed HTTP calls to a receiver of your own, for a tracker that is none of these.',
    settings: [
      {
        name: 'url',
        label: 'Address of the receiver',
        kind: 'url',
        required: true,
        placeholder: 'https://tracker.example/hooks/drawbridge',
      },
    ],
    secrets: [{ ...inbound, help: 'Signs both ways: 16 to 255 visible ASCII characters.' }],
    severity: { help: 'A word, or impact/urgency. Left empty: what routing says.', example: 'sev1' },
  },
};

/** A setting's value in words, as a fact. */
export function settingWords({ kind }: SettingField, value: string | number | undefined): string {
  const words = Array.isArray(kind) ? kind.find((choice) => choice.value === value)?.words : undefined;
  return words ?? String(value ?? '–');
}
