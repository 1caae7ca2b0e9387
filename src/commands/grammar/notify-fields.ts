import type { FormField } from '../../cards/form.ts';
import type { OptionDefinition } from '../../core/model/option.ts';
import type { Risk } from '../../core/model/scales.ts';
import type { PlatformName } from '../../core/platforms.ts';

/** The second half of `notify:@ann/high`, where it is chosen and not typed. */
const NOTIFY_FROM = 'notify-from';
const FROM_RISK = [
  { value: 'info', label: 'Every alert' },
  { value: 'low', label: 'Low risk and above' },
  { value: 'medium', label: 'Medium risk and above' },
  { value: 'high', label: 'High risk and above' },
  { value: 'critical', label: 'Critical risk only' },
] as const satisfies readonly { value: Risk; label: string }[];

/**
 * Who is pinged, as the platform's own picker, with a choice of risk. Undefined for a team, the owner, a person on
 * another platform or a tag: no picker can show those, and saving the form must not lose them.
 */
export function notifyFields(
  option: OptionDefinition,
  initial: string | undefined,
  platform: PlatformName,
): FormField[] | undefined {
  const [who = '', from = 'info', tag] = (initial ?? '').split('/');
  if (tag !== undefined || (initial !== undefined && !isPerson(who, platform))) return undefined;
  const person = { name: option.name, label: option.question ?? option.description, hint: hintOf(platform) };
  return [
    { ...person, kind: 'person', required: false, ...(initial === undefined ? {} : { initial: who }) },
    {
      ...{ name: NOTIFY_FROM, label: 'From which risk on?', kind: 'select', required: false },
      ...{ choices: FROM_RISK, initial: from },
    },
  ];
}

/** Discord's picker offers roles, too. */
function hintOf(platform: PlatformName): string {
  return `For ${platform === 'discord' ? '' : 'a team, '}the owners of hosts or a tag: group notify.`;
}

/** Discord's picker can't be prefilled. */
function isPerson(who: string, platform: PlatformName): boolean {
  return platform === 'slack' && /^slack:[UW]/.test(who);
}

/** A submitted form as the options of its command. */
export function optionsOfForm({ [NOTIFY_FROM]: from, ...fields }: Readonly<Record<string, string>>) {
  const { notify } = fields;
  if (notify === undefined || notify === '' || from === undefined || notify.includes('/')) return fields;
  return { ...fields, notify: `${notify}/${from}` };
}
