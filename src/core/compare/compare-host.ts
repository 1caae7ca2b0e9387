import type { JudgedDelta } from '../model/delta.ts';
import type { HostObservation } from '../model/observation.ts';
import { compareServices } from './compare-services.ts';
import { comparedDelta, DOUBTFUL, LIKELY, openPorts, type Untold } from './compared-delta.ts';
import { hostEvidence } from './evidence.ts';
import type { HostRecord } from './host-table.ts';

/** Up in the newer scan; the older one covered its address and had no answer. */
export function hostAppeared(after: HostObservation): JudgedDelta {
  const evidence = [hostEvidence(after).words, 'no answer in the older scan'];
  const open = [...openPorts(after)].map(({ port, protocol }) => `${port}/${protocol}`);
  if (open.length > 0) evidence.push(`open: ${some(open)}`);
  return comparedDelta('host-appeared', after.address, {
    chance: LIKELY,
    before: { present: false },
    after: { present: true },
    evidence,
  });
}

/** Up in the older scan; the newer one covered its address and had no answer. */
export function hostDown(before: HostRecord): JudgedDelta {
  const evidence = ['no answer in one scan', `before it was ${before.evidence.words}`];
  return comparedDelta('host-down', before.address, {
    chance: DOUBTFUL,
    before: { present: true },
    after: { present: false },
    evidence,
  });
}

/** Most hosts of a subnet fell silent at once: rather the path to them than each of them. */
export function outage(subnet: string, members: readonly string[], all: number): JudgedDelta {
  const others = members.length === all ? 'no host answers' : `${all - members.length} others still answer`;
  const evidence = [`${members.length} of ${all} hosts fell silent at once`, others, 'probably the path to them'];
  const sides = { before: { present: true }, after: { present: false } };
  return { ...comparedDelta('outage', subnet, { chance: LIKELY, ...sides, evidence }), members };
}

/** Two observations of one host. `identities` is false when another nmap read them. */
export function compareHost(
  before: HostObservation,
  after: HostObservation,
  options: { identities: boolean; untold: Untold },
): JudgedDelta[] {
  const was = hostEvidence(before).strength;
  const is = hostEvidence(after).strength;
  if (was === 'weak-absent' && is === 'strong-present') return [hostAppeared(after)];
  if (was === 'strong-present' && is === 'weak-absent')
    return [hostDown({ ...before, evidence: hostEvidence(before) })];
  if (was === 'weak-absent' || is === 'weak-absent') return [];
  return compareServices(before, after, options);
}

/** At most ten, and how many more. */
function some(items: readonly string[]): string {
  const rest = items.length - 10;
  return rest > 0 ? `${items.slice(0, 10).join(', ')} and ${rest} more` : items.join(', ');
}
