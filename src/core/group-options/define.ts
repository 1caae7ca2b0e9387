import { GROUP_DEFAULTS, type GroupSpec } from '../model/group.ts';
import type { OptionDefinition, OptionType } from '../model/option.ts';
import { DEFAULT_POLICY, type Policy } from '../model/policy.ts';

/** What was typed, checked and in its canonical spelling. */
export type Typed = string | readonly string[];

/**
 * One option of a group, with everything that grammar, help, forms, edits, `group show` and `replay` need to know about
 * it.
 */
export type GroupOption<Name extends string = string> = OptionDefinition<Name> & {
  /** Whether it belongs to the policy: those options are flags of `replay` too. */
  policy: boolean;
  /** Its value as a user would type it; undefined when it is not set. */
  read(spec: GroupSpec): string | undefined;
  write(spec: GroupSpec, typed: Typed): GroupSpec;
  /** Its line in `group show`; undefined when there is nothing to show. */
  show(spec: GroupSpec): { label: string; value: string } | undefined;
};

/**
 * How a value is typed: `parse` receives what the option's type has checked, and returns undefined to clear the value.
 */
type Codec<V> = { parse(typed: Typed): V | undefined; format(value: V): string | undefined };

type Words = Pick<OptionDefinition, 'description' | 'hint' | 'question' | 'min' | 'max' | 'choices' | 'typedOnly'>;

type KeysOf<T, V> = {
  [K in keyof T & string]-?: [Exclude<T[K], undefined>] extends [V]
    ? [V] extends [Exclude<T[K], undefined>]
      ? K
      : never
    : never;
}[keyof T & string];

/** The place of a value of this type in a group: `retention`, `policy.downAfter`. */
type Path<V> = KeysOf<GroupSpec, V> | `policy.${KeysOf<Policy, V>}`;

type Line<V> = (value: V) => { label: string; value: string } | undefined;

/** `integer('down-after', …).into('policy.downAfter', …)`: a path whose value has another type doesn't compile. */
export function defineOption<const Name extends string, V>(
  name: Name,
  type: OptionType,
  codec: Codec<V>,
  words: Words,
): { into(path: Path<V>, line?: Line<V>): GroupOption<Name> } {
  return {
    into: (path, line) => ({
      ...words,
      name,
      type,
      positional: false,
      required: false,
      ...presetOf(valueAt<V>(DEFAULTS, path), codec.format),
      policy: path.startsWith('policy.'),
      read: (spec) => whenSet(valueAt<V>(spec, path), codec.format),
      write: (spec, typed) => withValue(spec, path, codec.parse(typed)),
      show: (spec) => whenSet(valueAt<V>(spec, path), line ?? (() => undefined)),
    }),
  };
}

/** A group with only its required fields. */
const DEFAULTS: GroupSpec = { ...GROUP_DEFAULTS, name: '', targets: [], exclude: [], policy: DEFAULT_POLICY };

/** An option that is simply not set has no preset to show. */
function presetOf<V>(value: V | undefined, format: (value: V) => string | undefined): { preset?: string } {
  const preset = value === undefined ? undefined : format(value);
  return preset === undefined || preset === '' ? {} : { preset };
}

function whenSet<V, R>(value: V | undefined, action: (value: V) => R | undefined): R | undefined {
  return value === undefined ? undefined : action(value);
}

/** `path` is typed by its value where it is passed in; the two functions below rely on that. */
function valueAt<V>(spec: GroupSpec, path: string): V | undefined {
  const [first = '', second] = path.split('.');
  const value: unknown = Reflect.get(spec, first);
  return (second === undefined ? value : Reflect.get(spec.policy, second)) as V | undefined;
}

function withValue(spec: GroupSpec, path: string, value: unknown): GroupSpec {
  const [first = '', second] = path.split('.');
  if (second !== undefined) return { ...spec, policy: { ...spec.policy, [second]: value } };
  const { [first as keyof GroupSpec]: _, ...rest } = spec;
  return { ...rest, ...(value === undefined ? {} : { [first]: value }) } as GroupSpec;
}
