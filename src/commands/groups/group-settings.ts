import { UserError } from '../../core/errors.ts';
import type { GroupSpec, Notify } from '../../core/model/group.ts';
import { DEFAULT_POLICY, type Policy, silentBut } from '../../core/model/policy.ts';
import type { PlatformName } from '../../core/model/principal.ts';
import { profileSettings } from '../../core/model/profile.ts';
import { GRADES, RISKS } from '../../core/model/scales.ts';
import { cleanText, nearest } from '../../core/text.ts';
import type { CommandOptions } from '../grammar/command-description.ts';
import { flagOf, inOption, listOf, numberOf, textOf } from '../input/options.ts';
import { principalKey } from '../input/references.ts';
import { NONE } from '../input/validate.ts';

/** What `group add` and `group edit` have in common, applied to what there is: an option not given changes nothing. */
export function applyGroupOptions(base: GroupSpec, options: CommandOptions, platform: PlatformName): GroupSpec {
  const {
    ports: oldPorts,
    channel: oldChannel,
    notify: oldNotify,
    maxRate: oldRate,
    description: oldWords,
    ...rest
  } = base;
  const ports = clearable(textOf(options, 'ports'), oldPorts);
  const channel = clearable(textOf(options, 'channel'), oldChannel);
  const maxRate = numberOf(options, 'max-rate') ?? oldRate;
  const description = clearable(textOf(options, 'description'), oldWords);
  const typedNotify = textOf(options, 'notify');
  const notify = typedNotify === undefined ? oldNotify : parseNotify(typedNotify, platform);
  const spec: GroupSpec = {
    ...rest,
    exclude: listOf(options, 'exclude') ?? base.exclude,
    profile: textOf(options, 'profile') ?? base.profile,
    site: checkSite(textOf(options, 'site') ?? base.site),
    retention: numberOf(options, 'retention') ?? base.retention,
    catchUpMs: numberOf(options, 'catch-up') ?? base.catchUpMs,
    policy: applyPolicy(base.policy, options),
    ...(ports === undefined ? {} : { ports }),
    ...(channel === undefined ? {} : { channel }),
    ...(notify === undefined ? {} : { notify }),
    ...(maxRate === undefined || maxRate === 0 ? {} : { maxRate }),
    ...(description === undefined ? {} : { description }),
  };
  inOption('ports', () => profileSettings(spec.profile, spec.ports === undefined ? {} : { ports: spec.ports }));
  return spec;
}

/** `none` takes the value away. */
function clearable(typed: string | undefined, old: string | undefined): string | undefined {
  if (typed === undefined) return old;
  return typed.toLowerCase() === NONE ? undefined : typed;
}

function applyPolicy(base: Policy, options: CommandOptions): Policy {
  const confirm = textOf(options, 'confirm');
  const alertOn = listOf(options, 'alert-on');
  const minGrade = textOf(options, 'min-grade');
  return {
    downAfter: numberOf(options, 'down-after') ?? base.downAfter,
    learn: numberOf(options, 'learn') ?? base.learn,
    confirmAttempts: confirm === undefined ? base.confirmAttempts : parseConfirm(confirm),
    silentKinds: alertOn === undefined ? base.silentKinds : silentBut(alertOn),
    minGrade: GRADES.find((grade) => grade === minGrade) ?? base.minGrade,
    ignoreTcpwrapped: flagOf(options, 'ignore-tcpwrapped') ?? base.ignoreTcpwrapped,
    hideRepeats: flagOf(options, 'hide-repeats') ?? base.hideRepeats,
    unstableAfter: numberOf(options, 'unstable-after') ?? base.unstableAfter,
  };
}

const MAX_CONFIRMATIONS = 10;

/** `on`, `off`, or how many confirmation scans a doubt may cost. */
function parseConfirm(text: string): number {
  if (/^(?:on|yes|true)$/i.test(text)) return DEFAULT_POLICY.confirmAttempts;
  if (/^(?:off|no|false|none)$/i.test(text)) return 0;
  if (/^\d{1,3}$/.test(text) && Number(text) <= MAX_CONFIRMATIONS) return Number(text);
  const word = cleanText(text, 40);
  return inOption('confirm', () => {
    throw new UserError(`“${word}” is neither on nor off nor a number.`, {
      word,
      hint: `Expected \`on\`, \`off\` or 0 to ${MAX_CONFIRMATIONS}.`,
    });
  });
}

/** `@alice`, `@alice/high`: who is pinged, from which risk on; undefined for `none`. */
function parseNotify(text: string, platform: PlatformName): Notify | undefined {
  if (text.toLowerCase() === NONE) return undefined;
  const slash = text.lastIndexOf('/');
  const typed =
    slash < 0
      ? 'info'
      : text
          .slice(slash + 1)
          .trim()
          .toLowerCase();
  return inOption('notify', () => {
    const who = principalKey((slash < 0 ? text : text.slice(0, slash)).trim(), platform);
    const from = RISKS.find((risk) => risk === typed);
    if (from !== undefined) return { who, from };
    const word = cleanText(typed, 40);
    const meant = nearest(word, RISKS);
    throw new UserError(`“${word}” is not a risk.`, {
      word,
      hint: `${meant === undefined ? '' : `Did you mean \`${meant}\`? `}Expected one of ${RISKS.join(', ')}.`,
    });
  });
}

/** Part of a queue's name. */
function checkSite(text: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,39}$/i.test(text)) return text;
  const word = cleanText(text, 40);
  return inOption('site', () => {
    throw new UserError(`“${word}” cannot be the name of a site.`, {
      word,
      hint: 'Use up to 40 letters, digits, `-` and `_`; `local` is the bot’s own.',
    });
  });
}
