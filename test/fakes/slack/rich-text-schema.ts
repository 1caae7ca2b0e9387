import { z } from 'zod';
import { ID } from './limits.ts';

/** docs.slack.dev/reference/block-kit/blocks/rich-text-block */
const style = z
  .strictObject({
    bold: z.boolean().optional(),
    italic: z.boolean().optional(),
    strike: z.boolean().optional(),
    code: z.boolean().optional(),
    underline: z.boolean().optional(),
  })
  .optional();

const id = (pattern: RegExp) => z.string().regex(pattern);

const inline = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1), style }),
  z.strictObject({ type: z.literal('link'), url: z.url(), text: z.string().optional(), style }),
  z.strictObject({ type: z.literal('user'), user_id: id(/^[UW][A-Z0-9]+$/), style }),
  z.strictObject({ type: z.literal('usergroup'), usergroup_id: id(/^S[A-Z0-9]+$/), style }),
  z.strictObject({ type: z.literal('channel'), channel_id: id(/^[CGD][A-Z0-9]+$/), style }),
  z.strictObject({ type: z.literal('emoji'), name: z.string().min(1), unicode: z.string().optional(), style }),
  z.strictObject({ type: z.literal('broadcast'), range: z.enum(['here', 'channel', 'everyone']), style }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.number().int().nonnegative(),
    format: z.string().regex(/\{(date|time|ago|day)[a-z_]*\}/),
    url: z.url().optional(),
    fallback: z.string().min(1).optional(),
    style,
  }),
]);

const section = z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(inline).min(1) });

const element = z.discriminatedUnion('type', [
  section,
  z.strictObject({
    type: z.literal('rich_text_list'),
    style: z.enum(['bullet', 'ordered']),
    elements: z.array(section).min(1),
    indent: z.number().int().min(0).max(8).optional(),
    offset: z.number().int().min(0).optional(),
    border: z.number().int().min(0).max(1).optional(),
  }),
  z.strictObject({
    type: z.literal('rich_text_preformatted'),
    elements: z
      .array(inline.refine((child) => child.type === 'text' || child.type === 'link', 'only text and links'))
      .min(1),
    border: z.number().int().min(0).max(1).optional(),
  }),
  z.strictObject({
    type: z.literal('rich_text_quote'),
    elements: z.array(inline).min(1),
    border: z.number().int().min(0).max(1).optional(),
  }),
]);

export const richText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: z.string().min(1).max(ID).optional(),
  elements: z.array(element).min(1),
});

export type RichTextInline = z.infer<typeof inline>;
export type RichTextElement = z.infer<typeof element>;
