import type { Block } from './block-schema.ts';
import type { RichTextElement, RichTextInline } from './rich-text-schema.ts';
import type { StoredMessage } from './workspace.ts';

export type Control = {
  label: string;
  actionId: string;
  /** What the app receives when it is clicked or chosen. */
  value: string;
  blockIndex: number;
  kind: 'button' | 'option';
  /** The menu that contains the option. */
  menu?: 'overflow' | 'static_select';
  confirm?: string;
  style?: string;
};

/** What a person sees, and what happened to others because of it. */
export type Reading = {
  text: string;
  controls: Control[];
  pings: string[];
  links: string[];
  colour?: string;
};

type Collected = { pings: string[]; links: string[] };

/** Shows a message as Slack's client does: blocks if there are any, otherwise the text; then the attachments. */
export function readMessage(message: StoredMessage): Reading {
  const reading = readBlocks([...message.blocks, ...message.attachments.flatMap((one) => one.blocks)]);
  const fallback = readMrkdwn(message.text, reading, message.mrkdwn);
  const colour = message.attachments[0]?.color;
  if (message.unfurl.links || message.unfurl.media) reading.links.push(...bareAddresses(message.text));
  return {
    ...reading,
    text: message.blocks.length === 0 && message.attachments.length === 0 ? fallback : reading.text,
    ...(colour === undefined ? {} : { colour }),
  };
}

export function readBlocks(blocks: readonly Block[]): Reading {
  const found: Collected = { pings: [], links: [] };
  const lines = blocks.flatMap((block) => readBlock(block, found));
  return { text: lines.join('\n'), controls: blocks.flatMap(controlsOf), ...found };
}

function readBlock(block: Block, found: Collected): string[] {
  switch (block.type) {
    case 'header':
      return [block.text.text];
    case 'section':
      return [...(block.text ? [block.text] : []), ...(block.fields ?? [])].map((one) => readText(one, found));
    case 'context':
      return block.elements.map((one) => (one.type === 'image' ? one.alt_text : readText(one, found)));
    case 'rich_text':
      return block.elements.map((one) => readRich(one, found));
    case 'input':
      return [block.label.text, ...(block.hint ? [block.hint.text] : [])];
    case 'table':
      return block.rows.map((row) => row.map((cell) => readCell(cell, found)).join(' | '));
    case 'actions':
    case 'divider':
      return [];
  }
}

function readCell(cell: { type: 'raw_text'; text: string } | Extract<Block, { type: 'rich_text' }>, found: Collected) {
  return cell.type === 'raw_text' ? cell.text : cell.elements.map((one) => readRich(one, found)).join('');
}

function readRich(element: RichTextElement, found: Collected): string {
  if (element.type === 'rich_text_list') {
    return element.elements
      .map((item) => `• ${item.elements.map((one) => readInline(one, found)).join('')}`)
      .join('\n');
  }
  return element.elements.map((one) => readInline(one, found)).join('');
}

function readInline(inline: RichTextInline, found: Collected): string {
  switch (inline.type) {
    case 'text':
      return inline.text;
    case 'link':
      found.links.push(inline.url);
      return inline.text ?? inline.url;
    case 'user':
      found.pings.push(inline.user_id);
      return `@${inline.user_id}`;
    case 'usergroup':
      found.pings.push(inline.usergroup_id);
      return `@${inline.usergroup_id}`;
    case 'broadcast':
      found.pings.push(inline.range);
      return `@${inline.range}`;
    case 'channel':
      return `#${inline.channel_id}`;
    case 'emoji':
      return `:${inline.name}:`;
    case 'date':
      return new Date(inline.timestamp * 1000).toISOString();
  }
}

function readText(
  object: { type: 'plain_text' | 'mrkdwn'; text: string; emoji?: boolean | undefined; verbatim?: boolean | undefined },
  found: Collected,
) {
  if (object.type === 'mrkdwn') {
    if (object.verbatim !== true) found.links.push(...bareAddresses(object.text));
    return readMrkdwn(object.text, found, true);
  }
  return object.emoji === true ? object.text.replace(/:([a-z0-9_+-]+):/g, '(emoji $1)') : object.text;
}

/** Slack's markup: angle brackets are mentions and links, `*_~` and backticks format, entities are characters. */
function readMrkdwn(text: string, found: Collected, formats: boolean): string {
  const resolved = text.replace(/<([^<>]*)>/g, (_whole, inner: string) => {
    const [target = '', label] = inner.split('|');
    if (/^![a-z]/.test(target) && target.startsWith('!date')) return label ?? target;
    if (/^(!|@)/.test(target)) found.pings.push(target.replace(/^(!subteam\^|!|@)/, ''));
    else if (!target.startsWith('#')) found.links.push(target);
    return label ?? target;
  });
  const formatted = formats
    ? resolved.replace(/([*_~`])(?=\S)([^\n]*?\S)\1/g, '$2').replace(/:([a-z0-9_+-]+):/g, '(emoji $1)')
    : resolved;
  return formatted.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function bareAddresses(text: string): string[] {
  return text.match(/https?:\/\/[^\s<>|]+/g) ?? [];
}

function controlsOf(block: Block, blockIndex: number): Control[] {
  const elements = block.type === 'actions' ? block.elements : block.type === 'section' ? [block.accessory] : [];
  return elements.flatMap((element): Control[] => {
    if (element === undefined || element.type === 'image' || element.type === 'checkboxes') return [];
    const common = {
      actionId: element.action_id,
      blockIndex,
      ...(element.confirm === undefined ? {} : { confirm: element.confirm.text.text }),
    };
    if (element.type === 'button') {
      const style = element.style === undefined ? {} : { style: element.style };
      return [{ ...common, ...style, label: element.text.text, value: element.value ?? '', kind: 'button' }];
    }
    const menu = element.type;
    return element.options.map(({ text, value }) => ({ ...common, label: text.text, value, kind: 'option', menu }));
  });
}
