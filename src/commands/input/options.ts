import { defined } from '../../core/defined.ts';
import { UserError } from '../../core/errors.ts';
import type { CommandOptions } from '../grammar/command-description.ts';

/** A refusal that belongs to one option: a form shows it beside that field. */
export class OptionError extends UserError {
  readonly option: string;

  constructor(option: string, error: UserError) {
    super(error.message, {
      ...defined({ hint: error.hint, word: error.word }),
    });
    this.option = option;
  }
}

/** Attributes every refusal of `action` to this option. */
export function inOption<T>(option: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw blame(option, error);
  }
}

/** The same for asynchronous work. */
export async function inOptionLater<T>(option: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw blame(option, error);
  }
}

function blame(option: string, error: unknown): unknown {
  return error instanceof UserError && !(error instanceof OptionError) ? new OptionError(option, error) : error;
}

/** Typed readers of validated options. */
export function textOf<Name extends string>(options: CommandOptions<Name>, name: NoInfer<Name>): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : value?.join(' ');
}

/** For an option that the table marks as required. */
export function requiredText<Name extends string>(options: CommandOptions<Name>, name: NoInfer<Name>): string {
  const value = textOf(options, name);
  if (value === undefined) throw new OptionError(name, new UserError(`“${name}” is missing.`));
  return value;
}

export function numberOf<Name extends string>(options: CommandOptions<Name>, name: NoInfer<Name>): number | undefined {
  const value = textOf(options, name);
  return value === undefined ? undefined : Number(value);
}

export function requiredNumber<Name extends string>(options: CommandOptions<Name>, name: NoInfer<Name>): number {
  return Number(requiredText(options, name));
}

export function listOf<Name extends string>(
  options: CommandOptions<Name>,
  name: NoInfer<Name>,
): readonly string[] | undefined {
  const value = options[name];
  return typeof value === 'string' ? [value] : value;
}

export function requiredNumbers<Name extends string>(options: CommandOptions<Name>, name: NoInfer<Name>): number[] {
  return (listOf(options, name) ?? []).map(Number);
}
