import type { OptionDefinition } from '../../core/model/option.ts';
import type { CommandDescription } from './command-description.ts';

/** `group add NAME TARGETS… [exclude: ports: …]`. */
export function usage(definition: CommandDescription): string {
  const positional = definition.options.filter((option) => option.positional).map(placeholder);
  const keyed = definition.options.filter((option) => !option.positional);
  const required = keyed.filter((option) => option.required).map((option) => `${option.name}:…`);
  const optional = keyed.filter((option) => !option.required).map((option) => `${option.name}:`);
  return [
    ...definition.path,
    ...positional,
    ...required,
    ...(optional.length === 0 ? [] : [`[${optional.join(' ')}]`]),
  ].join(' ');
}

function placeholder(option: OptionDefinition): string {
  const name = `${option.name.toUpperCase()}${option.rest === true ? '…' : ''}`;
  return option.required ? name : `[${name}]`;
}
