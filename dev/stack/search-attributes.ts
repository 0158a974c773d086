/** What an operator can list workflows by; all of the type Keyword, and ten at most are possible with SQL visibility. */
export const searchAttributes = [
  'OrgId',
  'Subject',
  'Severity',
  'Provider',
  'ExternalId',
  'LifecycleStatus',
  'SlaBreached',
] as const;
