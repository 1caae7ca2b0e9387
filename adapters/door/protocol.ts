import { z } from 'zod';
import type { Card } from '../../src/cards/card.ts';
import type { CommandResult, ScanReport } from '../../src/commands/dispatcher.ts';
import type { MessageRef, OutgoingMessage } from '../../src/ports/chat.ts';

/** Increased with every change of the protocol: a bot that was not restarted after an update then says so. */
export const DOOR_VERSION = 1;

/** A little more than the longest line that the grammar reads: the grammar itself refuses lines that are too long. */
const LINE = z.string().max(1_200_000);
const FIELDS = z.record(z.string().max(100), z.string().max(30_000));

/** The requests of a client; invalid ones are refused without being looked at. */
export const REQUESTS = {
  /** The first request. `user`: the client's system user name; only that user, or root, can open the socket. */
  hello: z.object({ version: z.number().int(), user: z.string().max(100) }),
  /** Shows the console's messages from now on. */
  attach: z.null(),
  command: z.object({ text: LINE, rows: z.number().int().min(1).max(100_000).optional() }),
  click: z.object({ actionId: z.string().max(2_000), fields: FIELDS.optional(), canShowForm: z.boolean() }),
  complete: z.object({
    path: z.array(z.string().max(100)).max(3),
    option: z.string().max(100),
    typed: z.string().max(2_000),
    options: FIELDS,
  }),
  waitForScan: z.object({ scanId: z.number().int() }),
  reportScan: z.object({ scanId: z.number().int() }),
  drain: z.null(),
} as const;

export type Requests = { [Method in keyof typeof REQUESTS]: z.infer<(typeof REQUESTS)[Method]> };

export type Answers = {
  hello: { version: number; pid: number };
  attach: null;
  command: CommandResult;
  click: CommandResult;
  complete: readonly { value: string; label: string }[];
  waitForScan: 'ok' | 'failed';
  reportScan: ScanReport | null;
  drain: null;
};

/** Requests from the bot to an attached console. */
export type Orders = {
  post: OutgoingMessage;
  update: { ref: MessageRef; card: Card };
};
