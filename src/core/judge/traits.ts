import { lookUp } from '../look-up.ts';
import type { JudgedDelta } from '../model/delta.ts';
import type { HostObservation, OsGuess, ScriptResult } from '../model/observation.ts';
import type { Memory } from '../model/state.ts';
import { makeDelta, type ScanContext } from './context.ts';
import { type HostMemory, hostMemory } from './memory.ts';

/** Chance that a guess is wrong although it was read twice, and differently before. Not measured. */
const OS_DOUBT = 0.15;
const SCRIPT_DOUBT = 0.02;
const MAX_LISTED = 8;
/** Scripts remembered per host, over all scans. */
const MAX_KEPT = 128;

type Traits = { memory: Pick<HostMemory, 'system' | 'scripts'>; deltas: JudgedDelta[] };

/**
 * Remembers nmap's guess of a host's system and the output of its scripts. A value that was read twice in a row is a
 * change if the group compares it; one that is missing this time, or appears for the first time, is not.
 */
export function judgeTraits(
  { policy }: Pick<ScanContext, 'policy'>,
  address: string,
  known: HostMemory,
  observation: Pick<HostObservation, 'os' | 'scripts'> | undefined,
): Traits {
  const os = readOs(known.system, observation?.os);
  const scripts = readScripts(known.scripts, observation?.scripts ?? []);
  const evidence = [
    { kind: 'os-changed', trait: 'os', probability: OS_DOUBT, words: os.changes },
    { kind: 'scripts-changed', trait: 'scripts', probability: SCRIPT_DOUBT, words: scripts.changes },
  ] as const;
  const told = evidence.filter(({ trait, words }) => words.length > 0 && policy.compare.includes(trait));
  return {
    memory: {
      ...(os.kept === undefined ? {} : { system: os.kept }),
      ...(scripts.kept === undefined ? {} : { scripts: scripts.kept }),
    },
    deltas: told.map(({ kind, probability, words }) =>
      makeDelta('confirmed', kind, address, undefined, {
        probability,
        evidence: [...listed(words), 'read twice in a row'],
      }),
    ),
  };
}

function listed(words: readonly string[]): string[] {
  const more = words.length - MAX_LISTED;
  return more > 0 ? [...words.slice(0, MAX_LISTED), `and ${more} more`] : [...words];
}

type OsMemory = NonNullable<HostMemory['system']>;

function readOs(
  known: OsMemory | undefined,
  seen: OsGuess | undefined,
): { kept: OsMemory | undefined; changes: string[] } {
  if (seen === undefined) return { kept: known, changes: [] };
  const { name: n, accuracy: a } = seen;
  if (known === undefined) return { kept: { name: n, accuracy: a }, changes: [] };
  if (known.name === n) return { kept: { name: n, accuracy: known.accuracy }, changes: [] };
  if (known.pending !== n) return { kept: { ...known, pending: n }, changes: [] };
  return { kept: { name: n, accuracy: a }, changes: [`was ${known.name}, is ${n} (${a} %)`] };
}

type ScriptMemory = NonNullable<HostMemory['scripts']>;

function readScripts(
  known: ScriptMemory | undefined,
  seen: readonly ScriptResult[],
): { kept: ScriptMemory | undefined; changes: string[] } {
  if (seen.length === 0) return { kept: known, changes: [] };
  // A script may be called `constructor`.
  const kept = new Map(Object.entries(known ?? {}));
  const changes: string[] = [];
  for (const result of seen) {
    const key = scriptKey(result);
    const [output, other] = kept.get(key) ?? [];
    if (output === undefined && kept.size >= MAX_KEPT) continue;
    if (output !== undefined && output !== result.output && other !== result.output) {
      kept.set(key, [output, result.output]);
      continue;
    }
    if (output !== undefined && output !== result.output)
      changes.push(`${key}: was “${output}”, is “${result.output}”`);
    kept.set(key, [result.output]);
  }
  return { kept: Object.fromEntries(kept), changes };
}

/** `443/tcp http-title`, `smb-os-discovery`. */
function scriptKey({ id, port }: ScriptResult): string {
  return port === undefined ? id : `${port.port}/${port.protocol} ${id}`;
}

/** Whether remembering the observation would change nothing. */
export function knowsTraits(memory: HostMemory, observation: Pick<HostObservation, 'os' | 'scripts'>): boolean {
  const scripts = observation.scripts ?? [];
  const isKnown = (result: ScriptResult) => {
    const [output, other] = lookUp(memory.scripts ?? {}, scriptKey(result)) ?? [];
    return output === result.output && other === undefined;
  };
  const { os } = observation;
  return (
    (os === undefined || (memory.system?.name === os.name && memory.system.pending === undefined)) &&
    scripts.every(isKnown)
  );
}

/** The remembered traits, for display. */
export function traitsOf(memory: Memory): { os?: OsGuess; scripts: { name: string; output: string }[] } {
  const { system, scripts: i = {} } = hostMemory(memory);
  const scripts = Object.entries(i).map(([name, [output]]) => ({ name, output }));
  return { ...(system === undefined ? {} : { os: { name: system.name, accuracy: system.accuracy } }), scripts };
}
