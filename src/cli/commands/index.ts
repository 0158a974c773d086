import type { Command, Group } from '../command.js';
import { aboutCommands } from './about.js';
import { escalationGroup } from './escalation.js';
import { eventGroup } from './event.js';
import { keyGroup } from './key.js';
import { orgGroup } from './org.js';
import { ticketGroup } from './ticket.js';
import { webhookGroup } from './webhook/index.js';

/** In the order of the help. */
export const groups: readonly Group[] = [webhookGroup, escalationGroup, ticketGroup, eventGroup, orgGroup, keyGroup];
export const singles: readonly Command[] = aboutCommands;
export const allCommands: readonly Command[] = [...groups.flatMap(({ commands }) => commands), ...singles];
