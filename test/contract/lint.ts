import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Spectral, type RulesetDefinition } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';

/** What Redocly says by its strict recommended rules: an example that does not fit its schema is an error, too. */
export async function redoclyFindings(document: object): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended-strict'] });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  return problems.map(({ ruleId, location, message }) => `${ruleId} ${location[0]?.pointer ?? ''}: ${message}`);
}

/** What Spectral says by its rules for OpenAPI. */
export async function spectralFindings(document: object): Promise<string[]> {
  const spectral = new Spectral();
  // Its own type says less than it is: `formats` and `rules` are there.
  spectral.setRuleset({ extends: [[oas as unknown as RulesetDefinition, 'recommended']] });
  const results = await spectral.run(document as Record<string, unknown>);
  return results.map(({ code, path, message }) => `${code} ${path.join('/')}: ${message}`);
}
