import type { Group } from '../../command.js';
import { deliveryCommands } from './deliveries.js';
import { endpointCommands } from './endpoints.js';
import { listenCommand } from './listen.js';
import { rotateCommand } from './secret.js';

export const webhookGroup: Group = {
  name: 'webhook',
  summary: 'endpoints, what was delivered to them, and a receiver to try',
  commands: [...endpointCommands, ...deliveryCommands, rotateCommand, listenCommand],
};
