import type { ApiContext } from './api.ts';
import type { Block } from './block-schema.ts';
import { type CheckedView, checkView } from './check.ts';
import { type Actor, type Deliver, trigger } from './person.ts';
import type { Ack } from './sockets.ts';
import { freshId, type OpenView, type StoredFile } from './workspace.ts';

type Input = Extract<Block, { type: 'input' }>;

/** The modal in front of a user, as they see and answer it. */
export type Modal = {
  title: string;
  fields: { label: string; hint?: string; optional: boolean; value: string; error?: string; choices?: string[] }[];
};

export type Modals = {
  open(options?: Actor): Modal | undefined;
  /** Presses the submit button, with the typed values by label; a field that isn't given keeps its initial value. */
  submit(values: Readonly<Record<string, string>>, options?: Actor & { files?: readonly Attached[] }): Promise<Ack>;
};

/** A file that somebody puts into a form's field for files. */
export type Attached = { name: string; content: Buffer; elsewhere?: string };

export function createModals(context: ApiContext, deliver: Deliver): Modals {
  const { workspace } = context;
  return {
    open(options) {
      const open = workspace.modals.get(options?.user ?? 'U0ALICE');
      if (open === undefined || open.view.type !== 'modal') return undefined;
      return { title: open.view.title.text, fields: inputsOf(open.view).map((input) => fieldOf(input, open.errors)) };
    },
    async submit(values, options) {
      const user = workspace.users.get(options?.user ?? 'U0ALICE');
      const open = user === undefined ? undefined : workspace.modals.get(user.id);
      if (user === undefined || open === undefined) throw new Error('no modal is open');
      const files = (options?.files ?? []).map((file) => ({
        ...file,
        id: freshId('F'),
        title: file.name,
        complete: true,
      }));
      for (const file of files) workspace.files.set(file.id, file);
      const state = stateOf(open.view, values, files);
      const answer = await deliver('interactive', {
        type: 'view_submission',
        team: { id: workspace.teamId, domain: 'lab' },
        user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
        api_app_id: 'A0NETDELTA',
        token: 'legacy',
        trigger_id: trigger(context, user.id),
        view: {
          ...open.view,
          id: open.id,
          state: { values: state },
          hash: '1.abc',
          app_installed_team_id: workspace.teamId,
        },
        response_urls: [],
        is_enterprise_install: false,
      });
      applyAnswer(context, open, answer.payload);
      return answer;
    },
  };
}

function applyAnswer({ workspace }: ApiContext, open: OpenView, payload: Record<string, unknown>): void {
  const view = payload['view'];
  switch (payload['response_action']) {
    case 'errors': {
      const errors = payload['errors'];
      if (typeof errors !== 'object' || errors === null) throw new Error('errors without errors');
      const known = inputsOf(open.view).map((input) => input.block_id);
      const stray = Object.keys(errors).filter((block) => !known.includes(block));
      if (stray.length > 0) throw new Error(`errors for blocks that are not there: ${stray.join(', ')}`);
      open.errors = { ...errors };
      return;
    }
    case 'update':
      workspace.modals.set(open.user, { ...open, view: checkView(view, 'modal'), errors: {} });
      return;
    case 'push':
      workspace.modals.set(open.user, {
        id: freshId('V'),
        user: open.user,
        view: checkView(view, 'modal'),
        errors: {},
        below: open,
      });
      return;
    default:
      workspace.modals.delete(open.user);
  }
}

function inputsOf(view: CheckedView): Input[] {
  return view.blocks.filter((block): block is Input => block.type === 'input');
}

function fieldOf(input: Input, errors: Readonly<Record<string, string>>): Modal['fields'][number] {
  const error = errors[input.block_id ?? ''];
  const { element } = input;
  return {
    label: input.label.text,
    optional: input.optional === true,
    value: initialOf(input),
    ...(input.hint === undefined ? {} : { hint: input.hint.text }),
    ...(error === undefined ? {} : { error }),
    ...('options' in element ? { choices: element.options.map((one) => one.text.text) } : {}),
  };
}

function initialOf({ element }: Input): string {
  switch (element.type) {
    case 'plain_text_input':
    case 'number_input':
      return element.initial_value ?? '';
    case 'static_select':
      return element.initial_option?.text.text ?? '';
    case 'conversations_select':
      return element.initial_conversation ?? '';
    case 'users_select':
      return element.initial_user ?? '';
    case 'checkboxes':
      return (element.initial_options ?? []).map((one) => one.text.text).join(',');
    case 'file_input':
      return '';
  }
}

function stateOf(
  view: CheckedView,
  values: Readonly<Record<string, string>>,
  files: readonly StoredFile[],
): Record<string, unknown> {
  const inputs = inputsOf(view);
  for (const label of Object.keys(values)) {
    if (!inputs.some((input) => input.label.text === label)) throw new Error(`the form has no field ${label}`);
  }
  const entries = inputs.map((input) => {
    const typed = values[input.label.text] ?? initialOf(input);
    const isEmpty = input.element.type === 'file_input' ? files.length === 0 : typed === '';
    if (isEmpty && input.optional !== true) throw new Error(`Slack asks to fill in ${input.label.text}`);
    return [input.block_id ?? '', { [input.element.action_id]: answerOf(input, typed, files) }] as const;
  });
  return Object.fromEntries(entries);
}

function answerOf({ element }: Input, typed: string, files: readonly StoredFile[]): Record<string, unknown> {
  switch (element.type) {
    case 'plain_text_input':
    case 'number_input':
      return { type: element.type, value: typed === '' ? null : typed };
    case 'static_select':
      return { type: element.type, selected_option: element.options.find((one) => one.text.text === typed) ?? null };
    case 'conversations_select':
      return { type: element.type, selected_conversation: typed === '' ? null : typed };
    case 'users_select':
      return { type: element.type, selected_user: typed === '' ? null : typed };
    case 'checkboxes':
      return { type: element.type, selected_options: element.options.filter((one) => typed.includes(one.text.text)) };
    case 'file_input':
      if (files.length > (element.max_files ?? 10)) throw new Error('Slack takes no more files');
      return { type: element.type, files: files.map(({ id, name, content }) => ({ id, name, size: content.length })) };
  }
}
