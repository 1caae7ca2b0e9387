import { z } from 'zod';
import { attachment, type Block, block, type SlackAttachment } from './block-schema.ts';
import { BLOCKS, MESSAGE_JSON, MESSAGE_TEXT, PRIVATE_METADATA, VIEW_TITLE } from './limits.ts';
import { plain } from './text-schema.ts';

/** Slack's refusal: the code of its response, and the text in response_metadata.messages. */
export class Refusal extends Error {
  readonly code: string;
  readonly details: readonly string[];

  constructor(code: string, details: readonly string[] = []) {
    super([code, ...details].join('\n'));
    this.code = code;
    this.details = details;
  }
}

export type Content = { text: string; blocks: Block[]; attachments: SlackAttachment[] };

/** The checks that Slack applies to chat.postMessage, chat.update, chat.postEphemeral and a response_url alike. */
export function checkContent(args: Readonly<Record<string, unknown>>): Content {
  const text = typeof args['text'] === 'string' ? args['text'] : '';
  const blocks = parsed(z.array(block), args['blocks'], 'invalid_blocks');
  const attachments = parsed(z.array(attachment), args['attachments'], 'invalid_attachments');
  if (text === '' && blocks.length === 0 && attachments.length === 0) throw new Refusal('no_text');
  if (text.length > MESSAGE_TEXT) throw new Refusal('msg_too_long');
  const all = [...blocks, ...attachments.flatMap((one) => one.blocks)];
  if (all.length > BLOCKS.message) throw new Refusal('invalid_blocks', ['no more than 50 items allowed']);
  const size = JSON.stringify(blocks).length + (attachments.length === 0 ? 0 : JSON.stringify(attachments).length);
  if (size > MESSAGE_JSON) throw new Refusal('msg_blocks_too_long', [`${size} characters`]);
  checkIds(all);
  if (all.filter((one) => one.type === 'table').length > 1) throw new Refusal('invalid_attachments', ['one table']);
  return { text, blocks, attachments };
}

const viewSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('modal'),
    title: plain(VIEW_TITLE),
    submit: plain(VIEW_TITLE).optional(),
    close: plain(VIEW_TITLE).optional(),
    blocks: z.array(block).min(1).max(BLOCKS.modal),
    private_metadata: z.string().max(PRIVATE_METADATA).optional(),
    callback_id: z.string().max(255).optional(),
    external_id: z.string().max(255).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('home'),
    blocks: z.array(block).min(1).max(BLOCKS.home),
    private_metadata: z.string().max(PRIVATE_METADATA).optional(),
    callback_id: z.string().max(255).optional(),
    external_id: z.string().max(255).optional(),
  }),
]);

export type CheckedView = z.infer<typeof viewSchema>;

export function checkView(value: unknown, type: 'modal' | 'home'): CheckedView {
  const view = parsed(viewSchema, value, 'invalid_arguments');
  if (view.type !== type) throw new Refusal('invalid_arguments', [`a ${view.type} view where a ${type} is wanted`]);
  const inputs = view.blocks.some((one) => one.type === 'input');
  if (view.type === 'modal' && inputs && view.submit === undefined) {
    throw new Refusal('invalid_arguments', ['submit is required when a modal has input blocks']);
  }
  if (JSON.stringify(view).length > 250_000) throw new Refusal('view_too_large');
  checkIds(view.blocks);
  return view;
}

/** block_id is unique in a message or view, action_id within its block. */
function checkIds(blocks: readonly Block[]): void {
  const ids = blocks.flatMap((one) => (one.block_id === undefined ? [] : [one.block_id]));
  if (new Set(ids).size !== ids.length) throw new Refusal('invalid_blocks', ['`block_id` already exists']);
  for (const one of blocks) {
    const actions = elementsOf(one).map((element) => element.action_id);
    if (new Set(actions).size !== actions.length) throw new Refusal('invalid_blocks', ['`action_id` already exists']);
  }
}

export function elementsOf(one: Block): { action_id: string }[] {
  if (one.type === 'actions') return [...one.elements];
  if (one.type === 'input') return [one.element];
  if (one.type === 'section' && one.accessory !== undefined && 'action_id' in one.accessory) return [one.accessory];
  return [];
}

function parsed<T>(schema: z.ZodType<T[]>, value: unknown, code: string): T[];
function parsed<T>(schema: z.ZodType<T>, value: unknown, code: string): T;
function parsed(schema: z.ZodType, value: unknown, code: string): unknown {
  const result = schema.safeParse(value ?? []);
  if (result.success) return result.data;
  const details = result.error.issues.map(
    (issue) => `[ERROR] ${issue.message} [json-pointer:/${issue.path.join('/')}]`,
  );
  throw new Refusal(code, details);
}
