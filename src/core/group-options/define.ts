import { GROUP_DEFAULTS, type GroupSpec } from '../model/group.ts';
import type { OptionDefinition, OptionType } from '../model/option.ts';
import { DEFAULT_POLICY, type Policy } from '../model/policy.ts';

/** What was typed, checked and in its canonical spelling. */
export type Typed = string | readonly string[];

/** One option of a group: what grammar, help, forms, edits, `group show` and `replay` need to know of it. */
export type GroupOption<Name extends string = string> = OptionDefinition<Name> & {
  /** Whether it is a part of the policy: those are flags of `replay` too. */
  policy: boolean;
  /** Its value as one would type it; undefined where nothing is set. */
  read(spec: GroupSpec): string | undefined;
  write(spec: GroupSpec, typed: Typed): GroupSpec;
  /** A line of `group show`; undefined where it has nothing to say. */
  show(spec: GroupSpec): { label: string; value: string } | undefined;
};

/** How a value is typed: `parse` is given what the option's type has checked; undefined takes the value away. */
type Codec<V> = { parse(typed: Typed): V | undefined; format(value: V): string | undefined };

type Words = Pick<OptionDefinition, 'description' | 'hint' | 'question' | 'min' | 'max' | 'choices' | 'typedOnly'>;

type KeysOf<T, V> = {
  [K in keyof T & string]-?: [Exclude<T[K], undefined>] extends [V]
    ? [V] extends [Exclude<T[K], undefined>]
      ? K
      : never
    : never;
}[keyof T & string];

/** Where in a group a value of this type can stand: `retention`, `policy.downAfter`. */
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

/** A group of which only what must be is given. */
const DEFAULTS: GroupSpec = { ...GROUP_DEFAULTS, name: '', targets: [], exclude: [], policy: DEFAULT_POLICY };

/** Nothing is said of what is simply not there. */
function presetOf<V>(value: V | undefined, format: (value: V) => string | undefined): { preset?: string } {
  const preset = value === undefined ? undefined : format(value);
  return preset === undefined || preset === '' ? {} : { preset };
}

function whenSet<V, R>(value: V | undefined, action: (value: V) => R | undefined): R | undefined {
  return value === undefined ? undefined : action(value);
}

/** `path` is typed by its value where it is given, which the two below rely on. */
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
