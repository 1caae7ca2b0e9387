import type { Group } from '../../core/model/group.ts';
import { announcedKinds } from '../../core/model/policy.ts';

/** A group as one would type it: what an edit form begins with. Each value, given back, changes nothing. */
export function groupAsOptions(group: Group): Record<string, string> {
  const { policy, notify } = group;
  const shown: Record<string, string | undefined> = {
    group: group.name,
    targets: group.targets.join(', '),
    name: group.name,
    exclude: group.exclude.length === 0 ? undefined : group.exclude.join(', '),
    ports: group.ports,
    profile: group.profile,
    site: group.site,
    channel: group.channel,
    notify: notify === undefined ? undefined : `${notify.who}/${notify.from}`,
    'down-after': String(policy.downAfter),
    confirm: String(policy.confirmAttempts),
    learn: String(policy.learn),
    retention: String(group.retention),
    'alert-on': policy.silentKinds.length === 0 ? 'all' : announcedKinds(policy).join(', '),
    'ignore-tcpwrapped': String(policy.ignoreTcpwrapped),
    'hide-repeats': String(policy.hideRepeats),
    'unstable-after': String(policy.unstableAfter),
    'min-grade': policy.minGrade,
    'max-rate': group.maxRate === undefined ? undefined : String(group.maxRate),
    'catch-up': group.catchUpMs === 0 ? 'off' : duration(group.catchUpMs),
    description: group.description,
  };
  return Object.fromEntries(Object.entries(shown).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function duration(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  return ms % 60_000 === 0 ? `${ms / 60_000}m` : `${Math.round(ms / 1000)}s`;
}
