import type { Card } from '../../src/cards/card.ts';
import type { Form, FormField } from '../../src/cards/form.ts';
import type { CommandResult } from '../../src/commands/dispatcher.ts';
import { commandDescriptions } from '../../src/commands/grammar/all-commands.ts';
import type { PlainButton } from './buttons.ts';
import { createCompleter } from './completer.ts';
import type { ConsoleScreen } from './console-chat.ts';
import { paint } from './paint.ts';
import { createLineEditor, type LineEditor } from './prompt.ts';
import { CONSOLE_CHANNEL } from './screen.ts';
import { commandText, isExit, type RunConsoleOptions } from './session.ts';
import { span } from './spans.ts';
import { printable } from './width.ts';

type People = NonNullable<ConsoleScreen['people']>;

/**
 * A person at a terminal: a prompt with history and completion, buttons pressed by number, forms asked line by line.
 */
export async function runPeople(options: RunConsoleOptions, people: People, started: Set<number>): Promise<void> {
  const { dispatcher, principal, input, screen } = options;
  const { terminal, colour } = people;
  const name = paint([span('netdelta', 'info'), span('›', 'dim')], colour);
  const editor = createLineEditor(input, people.out, {
    prompt: `${name} `,
    terminal,
    complete: createCompleter(commandDescriptions, dispatcher, principal),
  });
  screen.answer(welcome(), { audience: 'private' });
  let unsure: PlainButton | undefined;
  for (let line = await editor.next(); line !== undefined; line = await editor.next()) {
    const text = line.trim();
    if (isExit(text)) break;
    if (text === '') continue;
    const button = pressed(people, text);
    if (button === 'unknown' || button === 'earlier') {
      screen.answer(noSuchButton(text, button), { audience: 'private' });
      continue;
    }
    if (button?.confirm !== undefined && unsure?.id !== button.id) {
      unsure = button;
      screen.answer(sure(button, text), { audience: 'private' });
      continue;
    }
    unsure = undefined;
    const result = await run(options, text, button?.id);
    const scanId = await settle(options, editor, result, button?.id);
    if (scanId !== undefined) started.add(scanId);
  }
  editor.close();
  terminal.print(['', paint([span('Waits for what is under way; Ctrl-C leaves at once.', 'dim')], colour)]);
}

function welcome(): Card {
  return {
    title: 'NetDelta',
    tone: 'info',
    sections: [
      {
        type: 'text',
        text: [
          { type: 'text', text: 'Type ' },
          { type: 'code', text: 'help' },
          { type: 'text', text: ', or begin with ' },
          { type: 'code', text: 'group add home 192.168.1.0/24' },
          { type: 'text', text: '. Buttons are pressed by typing their number; Tab completes; ' },
          { type: 'code', text: 'exit' },
          { type: 'text', text: ' leaves.' },
        ],
      },
    ],
    controls: [],
  };
}

function sure({ label, confirm = '' }: PlainButton, text: string): Card {
  const line = `${confirm} Type ${text} once more to be sure.`;
  return { title: label, tone: 'medium', sections: [{ type: 'text', text: line }], controls: [] };
}

function noSuchButton(text: string, why: 'unknown' | 'earlier'): Card {
  const line =
    why === 'unknown'
      ? `No button has the number ${printable(text)}.`
      : `Button ${printable(text)} is no longer there: it was shown in another session. List what it was about again for its new number.`;
  return { title: 'That did not work', tone: 'error', sections: [{ type: 'text', text: line }], controls: [] };
}

/** `3` or `click 3` or `click ID`. */
function pressed({ numbers }: People, text: string): PlainButton | 'unknown' | 'earlier' | undefined {
  const match = /^(?:click\s+)?(?:\[?(\d{1,6})\]?|(\S.*))$/i.exec(text);
  if (match?.[1] !== undefined) {
    return numbers.byNumber(Number(match[1])) ?? 'unknown';
  }
  return /^click\s/i.test(text) ? { id: match?.[2] ?? '', label: text, style: 'default' } : undefined;
}

async function run(
  { dispatcher, principal }: RunConsoleOptions,
  text: string,
  actionId: string | undefined,
): Promise<CommandResult> {
  const call = { principal, channel: CONSOLE_CHANNEL };
  if (actionId !== undefined) return await dispatcher.click({ ...call, actionId, canShowForm: true });
  return await dispatcher.command({ ...call, input: { type: 'text', text: commandText(text) }, canShowForm: false });
}

/** Shows an answer; a form is asked again until it is valid or cancelled. */
async function settle(
  options: RunConsoleOptions,
  editor: LineEditor,
  first: CommandResult,
  pressedId: string | undefined,
): Promise<number | undefined> {
  let result = first;
  let form: Form | undefined;
  let errors: Readonly<Record<string, string>> = {};
  for (;;) {
    if (result.type === 'card') {
      const replaces = result.replace === true ? pressedId : undefined;
      options.screen.answer(result.card, { audience: result.audience, replaces });
      return result.scanId;
    }
    if (result.type === 'silent') return undefined;
    if (result.type === 'form') form = result.form;
    if (result.type === 'field-errors') errors = result.errors;
    const fields = form === undefined ? undefined : await askForm(options, editor, form, errors);
    if (form?.target.type !== 'action' || fields === undefined) return undefined;
    const { principal, dispatcher } = options;
    const call = { principal, channel: CONSOLE_CHANNEL, actionId: form.target.actionId };
    result = await dispatcher.click({ ...call, fields, canShowForm: false });
  }
}

async function askForm(
  { screen }: RunConsoleOptions,
  editor: LineEditor,
  form: Form,
  errors: Readonly<Record<string, string>>,
): Promise<Record<string, string> | undefined> {
  const text = 'An empty line leaves a field out; Ctrl-C gives up.';
  const wrong = Object.values(errors).map((line) => ({ type: 'text' as const, text: line }));
  const tone = wrong.length === 0 ? 'info' : 'error';
  screen.answer(
    { title: form.title, tone, sections: [...wrong, { type: 'text', text }], controls: [] },
    { audience: 'private' },
  );
  const fields: Record<string, string> = {};
  for (const field of form.fields) {
    const answer = await editor.ask(question(field), field.initial ?? '');
    if (answer === undefined) return undefined;
    fields[field.name] = answer.trim();
  }
  return fields;
}

function question(field: FormField): string {
  const choices = field.choices === undefined ? '' : ` (${field.choices.map((choice) => choice.value).join(', ')})`;
  return `  ${printable(field.label)}${printable(choices)}: `;
}
