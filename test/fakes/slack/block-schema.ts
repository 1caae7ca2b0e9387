import { z } from 'zod';
import {
  button,
  checkboxes,
  conversationsSelect,
  fileInput,
  numberInput,
  overflow,
  plainTextInput,
  staticSelect,
  usersSelect,
} from './element-schema.ts';
import {
  ACTIONS_ELEMENTS,
  CONTEXT_ELEMENTS,
  HEADER_TEXT,
  ID,
  IMAGE_ALT,
  INPUT_TEXT,
  SECTION_FIELD_TEXT,
  SECTION_FIELDS,
  TABLE,
} from './limits.ts';
import { richText } from './rich-text-schema.ts';
import { plain, textObject } from './text-schema.ts';

/** docs.slack.dev/reference/block-kit/blocks: the types that NetDelta may use; any other is refused as unknown. */
const blockId = z.string().min(1).max(ID).optional();

const imageElement = z.strictObject({
  type: z.literal('image'),
  image_url: z.url(),
  alt_text: z.string().min(1).max(IMAGE_ALT),
});

const section = z
  .strictObject({
    type: z.literal('section'),
    block_id: blockId,
    text: textObject().optional(),
    fields: z.array(textObject(SECTION_FIELD_TEXT)).min(1).max(SECTION_FIELDS).optional(),
    accessory: z.union([button, overflow, staticSelect, imageElement]).optional(),
    expand: z.boolean().optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, { message: 'text or fields required' });

const cell = z.union([z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }), richText]);

export const block = z.discriminatedUnion('type', [
  section,
  richText,
  z.strictObject({ type: z.literal('divider'), block_id: blockId }),
  z.strictObject({ type: z.literal('header'), block_id: blockId, text: plain(HEADER_TEXT) }),
  z.strictObject({
    type: z.literal('context'),
    block_id: blockId,
    elements: z
      .array(z.union([textObject(), imageElement]))
      .min(1)
      .max(CONTEXT_ELEMENTS),
  }),
  z.strictObject({
    type: z.literal('actions'),
    block_id: blockId,
    elements: z
      .array(z.union([button, overflow, staticSelect, checkboxes]))
      .min(1)
      .max(ACTIONS_ELEMENTS),
  }),
  z.strictObject({
    type: z.literal('input'),
    block_id: blockId,
    label: plain(INPUT_TEXT),
    hint: plain(INPUT_TEXT).optional(),
    optional: z.boolean().optional(),
    dispatch_action: z.boolean().optional(),
    element: z.union([
      plainTextInput,
      staticSelect,
      conversationsSelect,
      usersSelect,
      numberInput,
      checkboxes,
      fileInput,
    ]),
  }),
  z.strictObject({
    type: z.literal('table'),
    block_id: blockId,
    rows: z.array(z.array(cell).min(1).max(TABLE.cells)).min(1).max(TABLE.rows),
    column_settings: z.array(z.looseObject({})).max(TABLE.cells).optional(),
  }),
]);

export const attachment = z.strictObject({
  color: z.string().regex(/^(good|warning|danger|#[0-9a-fA-F]{6})$/),
  fallback: z.string().optional(),
  blocks: z.array(block).min(1).max(50),
});

export type Block = z.infer<typeof block>;
export type SlackAttachment = z.infer<typeof attachment>;
