import type { Card } from '../cards/card.ts';
import { errorCard, type Place, refusedCard } from '../cards/error.ts';
import { PAGE_SIZE } from '../cards/paging.ts';
import { UserError } from '../core/errors.ts';
import type { OptionDefinition } from '../core/model/option.ts';
import { includesRole, type Role } from '../core/model/principal.ts';
import type { Deps } from './deps.ts';
import type { CommandCall, CommandResult } from './dispatcher.ts';
import type { CommandDefinition, CommandOptions } from './grammar/command-description.ts';
import { commandAt, pathText } from './grammar/find-command.ts';
import { commandForm } from './grammar/forms.ts';
import { optionsOfForm } from './grammar/notify-fields.ts';
import { OptionError } from './input/options.ts';
import { assignOptions, assignWords, parseCommand, validateOptions } from './input/parser.ts';
import { ownerMayRun } from './owners.ts';
import { roleOf, whoMay } from './permissions.ts';
import { refused, wronglyUsed } from './private-reply.ts';

export type Grammar = {
  deps: Deps;
  definitions: readonly CommandDefinition[];
  /** Recorded before anything can change. */
  begin(): Promise<void>;
};

/** Finds the command, checks the caller's role and then the options, and runs it. Mistakes become cards here. */
export async function runCommand(grammar: Grammar, call: CommandCall, now: number): Promise<CommandResult> {
  try {
    return await attempt(grammar, call, now);
  } catch (error) {
    return explained(error, call, wronglyUsed, grammar.definitions);
  }
}

/** A user's mistake as a card, or beside the field of the form. Internal errors are rethrown. */
function explained(
  error: unknown,
  call: CommandCall,
  as: (card: Card) => CommandResult,
  definitions: readonly CommandDefinition[],
): CommandResult {
  if (!(error instanceof UserError)) throw error;
  if (call.fromForm === true) return { type: 'field-errors', errors: { [fieldOf(error, call)]: formText(error) } };
  const text = call.input.type === 'text' ? call.input.text : undefined;
  if (text === undefined || !(error instanceof OptionError)) return as(errorCard(error, text));
  return as(errorCard(error, text, placeOf(error.option, text, parseCommand(text, definitions).definition)));
}

/**
 * Where in the line an option's value may begin: the same word may come before it, as in `schedule add office office`.
 */
function placeOf(option: string, text: string, { path, options }: CommandDefinition): Place {
  const named = text.toLowerCase().indexOf(` ${option}:`);
  if (named >= 0) return { from: named, option: `${option}:` };
  const before = options.filter(({ positional }) => positional).findIndex(({ name }) => name === option);
  const words = [...text.matchAll(/\S+/g)];
  const slash = text.trimStart().startsWith('/') ? 1 : 0;
  return { from: before < 0 ? 0 : (words[slash + path.length + before]?.index ?? 0) };
}

async function attempt(grammar: Grammar, call: CommandCall, now: number): Promise<CommandResult> {
  const { definition, typed } = read(grammar, call);
  const role = await roleOf(grammar.deps, call.principal);
  const denied = await refusal(grammar.deps, definition.role, role, pathText(definition));
  if (denied !== undefined) {
    const caller = { principal: call.principal, role, needed: definition.role };
    if (!(await ownerMayRun(grammar.deps.store, definition, typed, caller))) return denied;
  }
  if (call.canShowForm && call.fromForm !== true && (call.files ?? []).length === 0) {
    const form = await commandForm(grammar.deps, definition, call.principal.platform, typed);
    if (form !== undefined) return { type: 'form', form };
  }
  const { options, errors } = validateOptions(definition, typed(), call.principal.platform);
  const [first] = errors;
  if (first !== undefined && call.fromForm === true) return { type: 'field-errors', errors: fieldErrors(errors) };
  if (first !== undefined) throw first;
  if (definition.role !== 'anyone' && definition.role !== 'viewer' && !isReading(definition)) await grammar.begin();
  return await run(definition, call, role, options, now);
}

/** Commands that only an admin may run, and that change nothing. */
function isReading({ path }: CommandDefinition): boolean {
  const verb = path.at(-1);
  return verb === 'list' || verb === 'show' || verb === 'verify' || verb === 'export';
}

async function run(
  definition: CommandDefinition,
  call: CommandCall,
  role: Role | undefined,
  options: CommandOptions<string>,
  now: number,
): Promise<CommandResult> {
  const { principal, channel, files = [], rows = PAGE_SIZE } = call;
  try {
    return await definition.handle({ principal, role, channel, now, files, rows }, options);
  } catch (error) {
    return explained(error, call, refused, [definition]);
  }
}

/** A private "you may not", or undefined when the role is sufficient. */
export async function refusal(
  deps: Deps,
  needed: Role | 'anyone',
  held: Role | undefined,
  what: string,
): Promise<CommandResult | undefined> {
  if (needed === 'anyone' || includesRole(held, needed)) return undefined;
  return refused(refusedCard({ what, needed, held, who: await whoMay(deps, needed) }));
}

/** Options are only parsed after the role is checked, so that a refusal reveals nothing else. */
function read(
  { definitions }: Grammar,
  { input, fromForm }: CommandCall,
): { definition: CommandDefinition; typed: () => ReadonlyMap<OptionDefinition, string> } {
  if (input.type === 'options') {
    const definition = commandAt(input.path, definitions);
    const given = fromForm === true ? optionsOfForm(input.options) : input.options;
    return { definition, typed: () => assignOptions(definition, given) };
  }
  const { definition, words } = parseCommand(input.text, definitions);
  return { definition, typed: () => assignWords(definition, words) };
}

function fieldErrors(errors: readonly OptionError[]): Record<string, string> {
  return Object.fromEntries(errors.map((error) => [error.option, formText(error)]));
}

function formText(error: UserError): string {
  return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
}

/** An error that belongs to no option is shown beside the first field. */
function fieldOf(error: UserError, { input }: CommandCall): string {
  if (error instanceof OptionError) return error.option;
  return (input.type === 'options' ? Object.keys(input.options)[0] : undefined) ?? 'name';
}
