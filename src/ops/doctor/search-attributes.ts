import { bad, count, ok, reason, type Finding } from './finding.js';
import { codeOf, type TemporalCalls } from './temporal.js';

const invalidArgument = 3;

/**
 * Whether the search attributes are registered, as keywords: without one no workflow starts.
 * @param wanted their names
 */
export async function checkSearchAttributes(calls: TemporalCalls, wanted: readonly string[]): Promise<Finding> {
  const id = 'temporal.search_attributes';
  try {
    const types = await registered(calls);
    const missing = wanted.filter((name) => types[name] === undefined);
    const others = wanted.filter((name) => types[name] !== undefined && types[name] !== keyword);
    if (missing.length === 0 && others.length === 0)
      return ok(id, `All ${wanted.length} search attributes are registered.`);
    if (missing.length > 0) return lacking(calls, missing);
    return bad(
      id,
      `${others.join(', ')} ${others.length === 1 ? 'is' : 'are'} registered with another type than Keyword: workflows that set them do not start.`,
      'Remove them (temporal operator search-attribute remove) and create them as Keyword, or use a namespace of its own.',
    );
  } catch {
    return byQueries(calls, wanted);
  }
}

const keyword = 'INDEXED_VALUE_TYPE_KEYWORD';
const keywordNumber = 2;

async function registered({ connection, namespace, ask }: TemporalCalls): Promise<Record<string, string>> {
  const { customAttributes } = await ask(() => connection.operatorService.listSearchAttributes({ namespace }));
  return Object.fromEntries(
    Object.entries(customAttributes).map(([name, type]) => [
      name,
      (type as unknown) === keywordNumber ? keyword : String(type),
    ]),
  );
}

/** Temporal Cloud has no service for operators: a count that names an attribute which is not there is refused. */
async function byQueries({ connection, namespace, ask }: TemporalCalls, wanted: readonly string[]): Promise<Finding> {
  const id = 'temporal.search_attributes';
  const missing: string[] = [];
  for (const name of wanted) {
    try {
      const query = `${name} = 'doctor'`;
      await ask(() => connection.workflowService.countWorkflowExecutions({ namespace, query }));
    } catch (error) {
      if (codeOf(error) !== invalidArgument)
        return bad(id, `Workflows cannot be counted: ${reason(error)}.`, 'Grant the login to read the namespace.');
      missing.push(name);
    }
  }
  if (missing.length > 0) return lacking({ namespace }, missing);
  return ok(id, `All ${wanted.length} search attributes are registered (their types cannot be asked for here).`);
}

function lacking({ namespace }: Pick<TemporalCalls, 'namespace'>, missing: readonly string[]): Finding {
  const options = missing.map((name) => `--name ${name} --type Keyword`).join(' ');
  return bad(
    'temporal.search_attributes',
    `${count(missing.length, 'search attribute is', 'search attributes are')} not registered: ${missing.join(', ')}. No workflow that sets them starts.`,
    `temporal operator search-attribute create --namespace ${namespace} ${options} (Temporal Cloud: in its UI, or tcld).`,
  );
}
