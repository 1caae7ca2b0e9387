import type { Component, Embed } from './world.ts';

/** What the real service refuses although its description permits it. */
export type MessageBody = {
  content?: string | null;
  embeds?: Embed[] | null;
  components?: Component[] | null;
  attachments?: { id: string | number; filename?: string }[] | null;
  allowed_mentions?: { parse?: string[]; users?: string[]; roles?: string[] } | null;
  flags?: number;
  nonce?: string;
  enforce_nonce?: boolean;
  message_reference?: { message_id: string };
};

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
export function messageComplaints(body: MessageBody, files: number): string[] {
  const embeds = body.embeds ?? [];
  return [
    ...((body.content ?? '').length > 2000 ? ['content is over 2000 characters'] : []),
    ...(embeds.reduce((sum, embed) => sum + embedText(embed), 0) > 6000 ? ['embeds are over 6000 characters'] : []),
    ...embeds.filter((embed) => embedText(embed) === 0).map(() => 'an embed is empty'),
    ...componentComplaints(body.components ?? []),
    ...((body.attachments ?? []).length < files ? ['a file is not listed in attachments'] : []),
    ...(body.enforce_nonce === true && body.nonce === undefined ? ['enforce_nonce without a nonce'] : []),
    ...((body.nonce ?? '').length > 25 ? ['nonce is over 25 characters'] : []),
    // Our rule, not Discord's: nothing may ping by accident.
    ...(body.allowed_mentions?.parse?.length === 0 ? [] : ['allowed_mentions.parse is not empty']),
  ];
}

export function isEmpty(body: MessageBody, files: number): boolean {
  return (body.content ?? '') === '' && (body.embeds ?? []).length === 0 && files === 0;
}

function embedText(embed: Embed): number {
  return (embed.title ?? '').length + (embed.description ?? '').length;
}

function componentComplaints(rows: readonly Component[]): string[] {
  const parts = rows.flatMap((row) => row.components ?? []);
  const ids = parts.map((part) => part.custom_id ?? '');
  return [
    ...(rows.length > 5 ? ['more than 5 rows'] : []),
    ...rows.filter((row) => row.type !== 1).map(() => 'a component outside of a row'),
    ...rows.flatMap((row) => rowComplaints(row.components ?? [])),
    ...(new Set(ids).size < ids.length ? ['one custom_id twice'] : []),
    ...parts.filter((part) => (part.custom_id ?? '') === '').map(() => 'a component without custom_id'),
    ...parts.filter((part) => part.type === 2 && (part.label ?? '').trim() === '').map(() => 'a button without label'),
    ...parts.flatMap(optionComplaints),
  ];
}

function rowComplaints(parts: readonly Component[]): string[] {
  const buttons = parts.filter((part) => part.type === 2).length;
  if (parts.length === 0) return ['an empty row'];
  if (buttons > 5) return ['more than 5 buttons in a row'];
  return buttons < parts.length && parts.length > 1 ? ['a select that shares its row'] : [];
}

function optionComplaints(part: Component): string[] {
  if (part.type !== 3) return [];
  const values = (part.options ?? []).map((option) => option.value);
  return [
    ...(values.length < 1 || values.length > 25 ? ['a select needs 1 to 25 options'] : []),
    ...(new Set(values).size < values.length ? ['one option twice'] : []),
  ];
}

export type Modal = { custom_id: string; title: string; components: { type: number; component?: Component }[] };

/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal */
export function modalComplaints(modal: Modal): string[] {
  const inputs = modal.components.map((label) => label.component);
  const ids = inputs.map((input) => input?.custom_id ?? '');
  return [
    ...(modal.components.length > 5 ? ['more than 5 components in a modal'] : []),
    ...modal.components.filter((part) => part.type !== 18).map(() => 'an input outside of a label'),
    ...(new Set(ids).size < ids.length ? ['one custom_id twice in a modal'] : []),
    ...inputs.filter((input) => input?.label !== undefined).map(() => 'a labelled input with a label of its own'),
    ...inputs.flatMap((input) => (input === undefined ? [] : optionComplaints(input))),
  ];
}

export function choiceComplaints(choices: readonly { name: string; value: string | number }[]): string[] {
  return choices
    .filter(({ name, value }) => name.length < 1 || name.length > 100 || String(value).length > 100)
    .map(({ name }) => `choice out of limits: ${name.slice(0, 40)}`);
}
