import type { JudgedDelta } from '../model/delta.ts';
import type { HostObservation, OsGuess, ScriptResult } from '../model/observation.ts';
import type { Memory } from '../model/state.ts';
import { makeDelta, type ScanContext } from './context.ts';
import { type HostMemory, hostMemory } from './memory.ts';

/** Chance that a guess that was read twice alike, and otherwise before, is wrong all the same. Not measured. */
const OS_DOUBT = 0.15;
const SCRIPT_DOUBT = 0.02;
const MAX_LISTED = 8;
/** Scripts of a host, of all times. */
const MAX_KEPT = 128;

type Traits = { memory: Pick<HostMemory, 'o' | 'i'>; deltas: JudgedDelta[] };

/**
 * What nmap guesses of a host's system and what its scripts say is kept. It is a change when it was read twice in a row,
 * and the group has it compared; what was not said this time, or is said for the first time, is none.
 */
export function judgeTraits(
  { policy }: Pick<ScanContext, 'policy'>,
  address: string,
  known: HostMemory,
  observation: Pick<HostObservation, 'os' | 'scripts'> | undefined,
): Traits {
  const os = readOs(known.o, observation?.os);
  const scripts = readScripts(known.i, observation?.scripts ?? []);
  const evidence = [
    { kind: 'os-changed', trait: 'os', probability: OS_DOUBT, words: os.changes },
    { kind: 'scripts-changed', trait: 'scripts', probability: SCRIPT_DOUBT, words: scripts.changes },
  ] as const;
  const told = evidence.filter(({ trait, words }) => words.length > 0 && policy.compare.includes(trait));
  return {
    memory: {
      ...(os.kept === undefined ? {} : { o: os.kept }),
      ...(scripts.kept === undefined ? {} : { i: scripts.kept }),
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

type OsMemory = NonNullable<HostMemory['o']>;

function readOs(
  known: OsMemory | undefined,
  seen: OsGuess | undefined,
): { kept: OsMemory | undefined; changes: string[] } {
  if (seen === undefined) return { kept: known, changes: [] };
  const { name: n, accuracy: a } = seen;
  if (known === undefined) return { kept: { n, a }, changes: [] };
  if (known.n === n) return { kept: { n, a: known.a }, changes: [] };
  if (known.p !== n) return { kept: { ...known, p: n }, changes: [] };
  return { kept: { n, a }, changes: [`was ${known.n}, is ${n} (${a} %)`] };
}

type ScriptMemory = NonNullable<HostMemory['i']>;

function readScripts(
  known: ScriptMemory | undefined,
  seen: readonly ScriptResult[],
): { kept: ScriptMemory | undefined; changes: string[] } {
  if (seen.length === 0) return { kept: known, changes: [] };
  const kept: Record<string, readonly [output: string, other?: string]> = { ...known };
  const changes: string[] = [];
  for (const result of seen) {
    const key = scriptKey(result);
    const [output, other] = kept[key] ?? [];
    if (output === undefined && Object.keys(kept).length >= MAX_KEPT) continue;
    if (output !== undefined && output !== result.output && other !== result.output) {
      kept[key] = [output, result.output];
      continue;
    }
    if (output !== undefined && output !== result.output)
      changes.push(`${key}: was “${output}”, is “${result.output}”`);
    kept[key] = [result.output];
  }
  return { kept, changes };
}

/** `443/tcp http-title`, `smb-os-discovery`. */
function scriptKey({ id, port }: ScriptResult): string {
  return port === undefined ? id : `${port.port}/${port.protocol} ${id}`;
}

/** Whether the same would be remembered once more. */
export function knowsTraits(memory: HostMemory, observation: Pick<HostObservation, 'os' | 'scripts'>): boolean {
  const scripts = observation.scripts ?? [];
  const isKnown = (result: ScriptResult) => {
    const [output, other] = memory.i?.[scriptKey(result)] ?? [];
    return output === result.output && other === undefined;
  };
  const { os } = observation;
  return (os === undefined || (memory.o?.n === os.name && memory.o.p === undefined)) && scripts.every(isKnown);
}

/** What is known, to be shown. */
export function traitsOf(memory: Memory): { os?: OsGuess; scripts: { name: string; output: string }[] } {
  const { o, i = {} } = hostMemory(memory);
  const scripts = Object.entries(i).map(([name, [output]]) => ({ name, output }));
  return { ...(o === undefined ? {} : { os: { name: o.n, accuracy: o.a } }), scripts };
}
