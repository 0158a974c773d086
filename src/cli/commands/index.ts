import type { CommandDefinition, CommandGroup } from '../command.js';
import { aboutCommands } from './about.js';
import { apiCommand } from './api.js';
import { deliveryCommands } from './delivery.js';
import { escalationGroup } from './escalation.js';
import { eventGroup } from './event.js';
import { listenCommand } from './listen.js';
import { keyGroup, orgGroup } from './org.js';
import { requestGroup } from './request.js';
import { ticketGroup } from './ticket.js';
import { endpointCommands } from './webhook.js';

const webhookGroup: CommandGroup = {
  name: 'webhook',
  summary: 'Manage endpoints and deliveries, and try them with a local receiver',
  commands: [...endpointCommands, ...deliveryCommands, listenCommand],
};

/** In the order of the help. */
export const groups: readonly CommandGroup[] = [
  webhookGroup,
  escalationGroup,
  requestGroup,
  ticketGroup,
  eventGroup,
  orgGroup,
  keyGroup,
];
export const singles: readonly CommandDefinition[] = [...aboutCommands, apiCommand];
