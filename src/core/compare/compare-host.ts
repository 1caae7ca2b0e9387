import type { JudgedDelta } from '../model/delta.ts';
import type { HostObservation } from '../model/observation.ts';
import { compareServices } from './compare-services.ts';
import { CERTAIN, comparedDelta, DOUBTFUL, LIKELY, openWords, type Untold } from './compared-delta.ts';
import { hostEvidence } from './evidence.ts';
import { compareMac } from './mac.ts';

const PORTS_SHOWN = 10;

/** Up in the newer scan; the older one covered its address and had no answer. */
export function hostAppeared(after: HostObservation): JudgedDelta {
  const evidence = [hostEvidence(after).words, 'no answer in the older scan', ...askedBy(after)];
  const open = openWords(after, PORTS_SHOWN);
  if (open !== '') evidence.push(`open: ${open}`);
  return comparedDelta('host-appeared', after.address, {
    chance: LIKELY,
    before: { present: false },
    after: { present: true },
    evidence,
  });
}

/** Up in the older scan; the newer one covered its address and had no answer. */
export function hostDown(before: HostObservation): JudgedDelta {
  const open = openWords(before, PORTS_SHOWN);
  const was = `before it was ${hostEvidence(before).words}${open === '' ? '' : `, with ${open} open`}`;
  const evidence = ['no answer in one scan', ...askedBy(before), was];
  return comparedDelta('host-down', before.address, {
    chance: DOUBTFUL,
    before: { present: true },
    after: { present: false },
    evidence,
  });
}

function askedBy({ askedAs = [] }: HostObservation): string[] {
  return askedAs.length === 0 ? [] : [`asked by its name ${askedAs.join(', ')}`];
}

/** Most hosts of a subnet fell silent at once, so the path to them is a likelier cause than each host by itself. */
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
  const was = hostEvidence(before);
  const is = hostEvidence(after);
  if (was.strength === 'weak-absent' && is.strength === 'strong-present') return [hostAppeared(after)];
  if (was.strength === 'strong-present' && is.strength === 'weak-absent') return [hostDown(before)];
  nameHostChanges(before, after, options.untold);
  if (was.strength === 'weak-absent' || is.strength === 'weak-absent') return [];
  const mac = compareMac(before.mac, after.mac);
  const macs =
    mac === undefined
      ? []
      : [comparedDelta('mac-changed', after.address, { chance: CERTAIN, ...PRESENT, evidence: mac })];
  return [...macs, ...compareServices(before, after, options)];
}

const PRESENT = { before: { present: true }, after: { present: true } } as const;

/** Reports differences of the host itself that are not deltas. */
function nameHostChanges(before: HostObservation, after: HostObservation, untold: Untold): void {
  const host = after.address;
  const [names, namesNow] = [before.hostnames.join(', '), after.hostnames.join(', ')];
  if (names !== namesNow) {
    const why = 'names of the DNS come and go';
    untold({ host, before: `names: ${names || 'none'}`, after: `names: ${namesNow || 'none'}`, why });
  }
  if (before.timedOut !== after.timedOut) {
    const words = (one: HostObservation): string => (one.timedOut ? 'timed out' : 'scanned to its end');
    untold({ host, before: words(before), after: words(after), why: 'the ports of a host that timed out say nothing' });
  }
  const [was, is] = [hostEvidence(before), hostEvidence(after)];
  if (was.strength === is.strength || (before.status === 'up' && after.status === 'up' && was.strength !== 'none'))
    return;
  untold({ host, before: was.words, after: is.words, why: 'up was only assumed in one of the scans' });
}

/** A host that one of the scans did not cover. */
export function nameUncovered(host: HostObservation, side: 'before' | 'after', why: string, untold: Untold): void {
  const open = openWords(host, Number.POSITIVE_INFINITY);
  const words = `${hostEvidence(host).words}${open === '' ? '' : `; open: ${open}`}`;
  const sides = side === 'before' ? { before: words, after: 'not covered' } : { before: 'not covered', after: words };
  untold({ host: host.address, ...sides, why });
}
