import { z } from 'zod';
import {
  BUTTON_TEXT,
  BUTTON_VALUE,
  CHECKBOX_OPTIONS,
  ID,
  INPUT_LENGTH,
  OVERFLOW_OPTIONS,
  PLACEHOLDER,
  SELECT_OPTIONS,
} from './limits.ts';
import { confirm, formattedOption, option, plain } from './text-schema.ts';

/** docs.slack.dev/reference/block-kit/block-elements */
const actionId = z.string().min(1).max(ID);

export const button = z.strictObject({
  type: z.literal('button'),
  text: plain(BUTTON_TEXT),
  action_id: actionId,
  value: z.string().max(BUTTON_VALUE).optional(),
  url: z.url().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirm.optional(),
  accessibility_label: z.string().max(75).optional(),
});

export const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: actionId,
  options: z.array(option).min(1).max(OVERFLOW_OPTIONS),
  confirm: confirm.optional(),
});

export const staticSelect = z
  .strictObject({
    type: z.literal('static_select'),
    action_id: actionId,
    placeholder: plain(PLACEHOLDER).optional(),
    options: z.array(option).min(1).max(SELECT_OPTIONS),
    initial_option: option.optional(),
    confirm: confirm.optional(),
    focus_on_load: z.boolean().optional(),
  })
  .refine(({ options, initial_option }) => initial_option === undefined || includes(options, initial_option), {
    message: 'initial_option must be one of options',
  });

export const conversationsSelect = z.strictObject({
  type: z.literal('conversations_select'),
  action_id: actionId,
  placeholder: plain(PLACEHOLDER).optional(),
  initial_conversation: z
    .string()
    .regex(/^[CGD][A-Z0-9]+$/)
    .optional(),
  default_to_current_conversation: z.boolean().optional(),
  filter: z
    .strictObject({
      include: z
        .array(z.enum(['im', 'mpim', 'private', 'public']))
        .min(1)
        .optional(),
      exclude_external_shared_channels: z.boolean().optional(),
      exclude_bot_users: z.boolean().optional(),
    })
    .optional(),
});

export const usersSelect = z.strictObject({
  type: z.literal('users_select'),
  action_id: actionId,
  placeholder: plain(PLACEHOLDER).optional(),
  initial_user: z
    .string()
    .regex(/^[UW][A-Z0-9]+$/)
    .optional(),
});

export const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: actionId,
  placeholder: plain(PLACEHOLDER).optional(),
  initial_value: z.string().max(INPUT_LENGTH).optional(),
  multiline: z.boolean().optional(),
  min_length: z.number().int().min(0).max(INPUT_LENGTH).optional(),
  max_length: z.number().int().min(1).max(INPUT_LENGTH).optional(),
  focus_on_load: z.boolean().optional(),
});

export const numberInput = z.strictObject({
  type: z.literal('number_input'),
  action_id: actionId,
  is_decimal_allowed: z.boolean(),
  placeholder: plain(PLACEHOLDER).optional(),
  initial_value: z
    .string()
    .regex(/^-?[0-9]+(\.[0-9]+)?$/)
    .optional(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
});

export const checkboxes = z
  .strictObject({
    type: z.literal('checkboxes'),
    action_id: actionId,
    options: z.array(formattedOption).min(1).max(CHECKBOX_OPTIONS),
    initial_options: z.array(formattedOption).min(1).optional(),
  })
  .refine(({ options, initial_options }) => (initial_options ?? []).every((initial) => includes(options, initial)), {
    message: 'initial_options must be among options',
  });

export const fileInput = z.strictObject({
  type: z.literal('file_input'),
  action_id: actionId,
  filetypes: z.array(z.string()).optional(),
  max_files: z.number().int().min(1).max(10).optional(),
});

/** Slack compares the whole object. */
function includes(options: readonly unknown[], wanted: unknown): boolean {
  return options.some((candidate) => JSON.stringify(candidate) === JSON.stringify(wanted));
}
