import type { OptionDefinition } from '../../core/model/option.ts';
import { includesRole } from '../../core/model/principal.ts';
import type { CompletionCall } from '../dispatcher.ts';
import { groupsAsOwner } from '../owners.ts';
import { roleOf } from '../permissions.ts';
import type { Grammar } from '../run-command.ts';
import type { CommandDescription } from './command-description.ts';
import { pathText } from './find-command.ts';
import { type Among, MOST, type Suggestion, suggestions } from './suggestions.ts';

const MAX_LABEL = 100;

/**
 * Suggestions for the text being typed, best first. A caller who may not run the command gets none; one who may run it
 * on the groups that they own gets only those.
 */
export async function complete({ deps, definitions }: Grammar, call: CompletionCall): Promise<readonly Suggestion[]> {
  const path = call.path.join(' ').toLowerCase();
  const definition = definitions.find((candidate) => pathText(candidate) === path);
  const option = definition?.options.find((candidate) => candidate.name === call.option);
  if (definition === undefined || option === undefined) return [];
  const role = await roleOf(deps, call.principal);
  const needed = definition.role;
  const owned =
    needed === 'anyone' || includesRole(role, needed)
      ? undefined
      : await groupsAsOwner(deps.store, { principal: call.principal, role, needed });
  if (owned?.size === 0) return [];
  const among: Among = (groupId) => owned === undefined || (groupId !== undefined && owned.has(groupId));
  const { before, typed } = lastWord(option, call.typed.slice(0, 200));
  const found = await suggestions(deps.store, { definitions, definition, option, typed, given: call.options, among });
  return rank(found, typed)
    .slice(0, MOST)
    .map(({ value, label }) => ({ value: `${before}${value}`, label: `${before}${label}`.slice(0, MAX_LABEL) }));
}

/** In a list, only the last word is being typed. */
function lastWord(option: OptionDefinition, text: string): { before: string; typed: string } {
  if (option.type !== 'deltas' && option.type !== 'choices') return { before: '', typed: text };
  const cut = Math.max(text.lastIndexOf(' '), text.lastIndexOf(',')) + 1;
  return { before: text.slice(0, cut), typed: text.slice(cut) };
}

/** Options whose words are known although their type is free text. */
const KNOWN_TEXTS = ['help command', 'mute add what', 'why what'];

export function isCompleted(definition: CommandDescription, { name, type }: OptionDefinition): boolean {
  return type !== 'text' || KNOWN_TEXTS.includes(`${pathText(definition)} ${name}`);
}

/**
 * First, candidates that begin with the typed words; then those of which a part begins with them; then those that
 * contain them; otherwise the given order.
 */
function rank(found: readonly Suggestion[], typed: string): Suggestion[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return [...found];
  const score = ({ value, label }: Suggestion): number => {
    const text = value.toLowerCase();
    if (text === wanted) return 0;
    if (text.startsWith(wanted)) return 1;
    if (text.split(/[/_\s.-]/).some((part) => part.startsWith(wanted))) return 2;
    return text.includes(wanted) || label.toLowerCase().includes(wanted) ? 3 : 4;
  };
  return found
    .map((suggestion, index) => ({ suggestion, index, score: score(suggestion) }))
    .filter((scored) => scored.score < 4)
    .sort((a, b) => a.score - b.score || a.index - b.index)
    .map((scored) => scored.suggestion);
}
