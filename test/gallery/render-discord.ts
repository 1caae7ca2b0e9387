import { ComponentType } from 'discord.js';
import { modalOf } from '../../adapters/discord/inbound/modal.ts';
import { sectionBlock } from '../../adapters/discord/render/blocks.ts';
import type { Row } from '../../adapters/discord/render/controls.ts';
import { renderCard } from '../../adapters/discord/render/render-card.ts';
import type { Card } from '../../src/cards/card.ts';
import type { Form } from '../../src/cards/form.ts';
import { markdownHtml } from './discord-markdown.ts';
import { escapeHtml, LOGO } from './render-slack.ts';

/** The payload for Discord. */
export function discordMessage(card: Card, announce = true) {
  return renderCard(card, {
    kindOf: () => 'user',
    announce,
    ...(announce ? { marker: 'https://netdelta.invalid/' } : {}),
  });
}

export function discordHtml(card: Card, announce = true): string {
  const { body, files } = discordMessage(card, announce);
  const tables = tableLines(card);
  const embeds = body.embeds.map(
    ({ description = '', color = 0 }) =>
      `<discord-embed slot="embeds" color="#${color.toString(16).padStart(6, '0')}"><discord-embed-description slot="description">${markdownHtml(description, tables)}</discord-embed-description></discord-embed>`,
  );
  const rows = body.components.map(rowHtml).join('');
  const attached = files.map((file) => `<div class="file">📎 ${escapeHtml(file.name)}</div>`).join('');
  return `<discord-messages><discord-message author="NetDelta" avatar="${escapeHtml(LOGO)}" bot timestamp="12:00">${markdownHtml(body.content)}${embeds.join('')}${
    rows === '' ? '' : `<discord-attachments slot="components">${rows}</discord-attachments>`
  }</discord-message></discord-messages>${attached}`;
}

function tableLines({ sections }: Card): Set<string> {
  const context = { kindOf: () => 'user' as const, cuts: { happened: false } };
  const tables = sections.filter(({ type }) => type === 'table').map((section) => sectionBlock(section, context));
  return new Set(tables.flatMap(({ fenced, lines }) => (fenced ? [] : lines.join('\n').split('\n'))));
}

const BUTTONS: Readonly<Record<number, string>> = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'destructive' };

function rowHtml(row: Row): string {
  const parts = row.components.map((component) => {
    if (component.type === ComponentType.Button) {
      const label = 'label' in component ? (component.label ?? '') : '';
      return `<discord-button type="${BUTTONS[component.style] ?? 'secondary'}">${escapeHtml(label)}</discord-button>`;
    }
    const placeholder = 'placeholder' in component ? (component.placeholder ?? '') : '';
    return `<discord-string-select-menu placeholder="${escapeHtml(placeholder)}"></discord-string-select-menu>`;
  });
  return `<discord-action-row>${parts.join('')}</discord-action-row>`;
}

/** Modals are shown as their fields, one below the other. */
export function discordFormHtml(form: Form): string {
  const modal = modalOf(form);
  const fields = modal.components.map((row) => {
    if (row.type !== ComponentType.Label) return '';
    const { component } = row;
    const value = 'value' in component && typeof component.value === 'string' ? component.value : '';
    const shown =
      component.type === ComponentType.StringSelect
        ? `${escapeHtml(component.options.find((option) => option.default === true)?.label ?? 'Make a selection')} ▾`
        : component.type === ComponentType.ChannelSelect
          ? '# Choose a channel ▾'
          : component.type === ComponentType.MentionableSelect
            ? '@ Choose somebody ▾'
            : escapeHtml(value) || '&nbsp;';
    const needed = 'required' in component && component.required ? '<b style="color:#f23f43"> *</b>' : '';
    const hint = row.description === undefined ? '' : `<div class="hint">${escapeHtml(row.description)}</div>`;
    return `<div class="field"><div class="label">${escapeHtml(row.label)}${needed}</div>${hint}<div class="input">${shown}</div></div>`;
  });
  return `<div class="discord-modal"><h3>${escapeHtml(modal.title)}</h3>${fields.join('')}<span class="submit">Submit</span></div>`;
}
