import { expect, onTestFinished, test } from 'vitest';
import { startFakeApi } from './support/fake-api.js';
import { startKtProcess } from './support/kt.js';

test('the process reads stdin, keeps stdout and stderr apart, and ends with the exit code', async () => {
  const api = await startFakeApi(() => ({ status: 202, body: { events: [{ id: 'evt_1', duplicate: false }] } }));
  onTestFinished(() => api.close());
  const send = ['event', 'send', '--type', 'export.completed', '--data', '-', '--json'];
  expect(await startKtProcess(send, api.env, '{"n":12345678901234567890}').ended).toEqual({
    code: 0,
    stdout: '{"events":[{"id":"evt_1","duplicate":false}]}\n',
    stderr: '',
  });
  expect(api.calls).toMatchObject([{ body: '{"type":"export.completed","data":{"n":12345678901234567890}}' }]);

  const wrong = await startKtProcess(['webhok'], api.env).ended;
  expect(wrong).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining('Did you mean “kt webhook”?') });
});
