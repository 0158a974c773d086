import { describe, expect, it } from 'vitest';
import { operationId } from '../../../src/http/openapi/operation.js';

describe('operation ids', () => {
  it.each([
    ['get', '/healthz', 'getHealthz'],
    ['post', '/api/v1/orgs/{org}/api-keys', 'postOrgsByOrgApiKeys'],
    ['get', '/openapi.json', 'getOpenapiJson'],
    ['delete', '/api/v1/orgs/{org}/api-keys/{key_id}', 'deleteOrgsByOrgApiKeysByKeyId'],
  ])('of %s %s is %s', (method, path, id) => expect(operationId(method, path)).toBe(id));
});
