import type { Connection, Model } from 'mongoose';
import { commandModel, type CommandDoc } from './commands/model.js';
import { commentModel, type CommentDoc } from './comments/model.js';
import { linkModel, type LinkDoc } from './links/model.js';

/** The collections of Ticket Sync. */
export interface TicketStore {
  links: Model<LinkDoc>;
  commands: Model<CommandDoc>;
  comments: Model<CommentDoc>;
}

export function ticketStore(connection: Connection): TicketStore {
  return { links: linkModel(connection), commands: commandModel(connection), comments: commentModel(connection) };
}
