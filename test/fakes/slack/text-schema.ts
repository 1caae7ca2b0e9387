import { z } from 'zod';
import { CONFIRM, OPTION_TEXT, OPTION_VALUE, TEXT_OBJECT } from './limits.ts';

/** Composition objects: docs.slack.dev/reference/block-kit/composition-objects */
export const plain = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(max), emoji: z.boolean().optional() });

const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(max), verbatim: z.boolean().optional() });

export const textObject = (max: number = TEXT_OBJECT) => z.discriminatedUnion('type', [plain(max), mrkdwn(max)]);

export const option = z.strictObject({
  text: plain(OPTION_TEXT),
  value: z.string().min(1).max(OPTION_VALUE),
  description: plain(OPTION_TEXT).optional(),
});

/** Check boxes and radio buttons may have formatted options. */
export const formattedOption = z.strictObject({
  text: textObject(OPTION_TEXT),
  value: z.string().min(1).max(OPTION_VALUE),
  description: textObject(OPTION_TEXT).optional(),
});

export const confirm = z.strictObject({
  title: plain(CONFIRM.title),
  text: plain(CONFIRM.text),
  confirm: plain(CONFIRM.button),
  deny: plain(CONFIRM.button),
  style: z.enum(['primary', 'danger']).optional(),
});
