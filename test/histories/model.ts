import type { DeltaKind } from '../../src/core/model/delta-kinds.ts';

/** A host, or a port of one: what is believed about it, and what people have agreed to. */
type Subject = {
  address: string;
  port: number | undefined;
  /** Believed present. */
  there: boolean;
  everThere: boolean;
  /** Its initial state, or the state when somebody answered for it. */
  agreed: boolean;
  /** It may return to this state without a report: the acknowledged change is then over. */
  quiet: boolean | undefined;
  /** The state before the announced change happened. */
  announced: Pick<Subject, 'agreed' | 'quiet'> | undefined;
  /** The hold in force when it reached its present state. */
  held: Hold | undefined;
};

export type Thing = { kind: DeltaKind; address: string; port: number | undefined };

/** A mute or a window: what it covers, and until when. */
export type Hold = { name: string; until: number; covers(thing: Thing): boolean };
export type Expected = { until: number; once: boolean; covers(thing: Thing, appeared: ReadonlySet<string>): boolean };

/** The belief at one time: addresses that are up, and `address:port` that are open. */
export type Believed = ReadonlyMap<string, boolean>;

export const keyOf = (address: string, port?: number): string => (port === undefined ? address : `${address}:${port}`);

/**
 * What should be in the list of open changes, in as few rules as possible: everything that is not as agreed, unless a
 * hold in force kept it back.
 */
export function createModel() {
  const subjects = new Map<string, Subject>();
  const before = new Map<number, Pick<Subject, 'agreed' | 'quiet'>>();
  let holds: Hold[] = [];
  let expected: Expected[] = [];

  function subjectOf(key: string): Subject {
    const known = subjects.get(key);
    if (known !== undefined) return known;
    const [address = '', port] = key.split(':');
    const subject: Subject = {
      ...{ address, port: port === undefined ? undefined : Number(port), there: false, everThere: false },
      ...{ agreed: false, quiet: undefined, announced: undefined, held: undefined },
    };
    subjects.set(key, subject);
    return subject;
  }

  function turn(subject: Subject, there: boolean, now: number, appeared: ReadonlySet<string>): Expected | undefined {
    const kind = kindOf(subject, there);
    const thing = { kind, address: subject.address, port: subject.port };
    subject.there = there;
    subject.everThere ||= there;
    subject.held = undefined;
    const expectation = expected.find((one) => now <= one.until && one.covers(thing, appeared));
    if (there === subject.agreed || there === subject.quiet) agree(subject, undefined);
    else if (expectation !== undefined) {
      subject.announced = { agreed: subject.agreed, quiet: subject.quiet };
      agree(subject, there ? undefined : true);
    } else subject.held = holds.find((hold) => now < hold.until && hold.covers(thing));
    return expectation;
  }

  function agree(subject: Subject, quiet: boolean | undefined): void {
    subject.agreed = subject.there;
    subject.quiet = quiet;
  }

  return {
    baseline(believed: Believed): void {
      for (const [key, there] of believed) {
        const subject = subjectOf(key);
        Object.assign(subject, { there, everThere: subject.everThere || there, agreed: there });
      }
    },
    /** A scan was judged, with this belief. */
    judged(believed: Believed, now: number): void {
      const turned = [...believed].filter(([key, there]) => subjectOf(key).there !== there);
      const appeared = new Set(
        turned.flatMap(([key, there]) => (there && !key.includes(':') && !subjectOf(key).everThere ? [key] : [])),
      );
      const met = turned.map(([key, there]) => turn(subjectOf(key), there, now, appeared));
      expected = expected.filter((one) => !(one.once && met.includes(one)));
    },
    /** Somebody corrected the belief. */
    corrected(believed: Believed): void {
      for (const [key, there] of believed) subjectOf(key).there = there;
    },
    hold: (hold: Hold): void => void holds.push(hold),
    expect: (one: Expected): void => void expected.push(one),
    /** Its time is over, or somebody removed it. */
    release(name: string, now: number): void {
      holds = holds.filter((hold) => hold.name !== name);
      for (const subject of subjects.values()) {
        if (subject.held?.name !== name) continue;
        const thing = { kind: kindOf(subject, subject.there), address: subject.address, port: subject.port };
        subject.held = holds.find((hold) => now < hold.until && hold.covers(thing));
      }
    },
    holdsOver: (now: number): string[] => holds.filter(({ until }) => until <= now).map(({ name }) => name),
    holds: (): readonly Hold[] => holds,
    /** `id`: the change that is answered. */
    answer(id: number, key: string, how: 'acknowledged' | 'expected' | 'false-alarm'): void {
      const subject = subjectOf(key);
      before.set(id, { agreed: subject.agreed, quiet: subject.quiet });
      const was = subject.agreed;
      const lost = !subject.there;
      if (how === 'false-alarm' && lost) return;
      agree(subject, how === 'acknowledged' || (how === 'expected' && lost) ? was : undefined);
      subject.held = undefined;
    },
    /** `latest`: nothing was reported about it since. */
    undo(id: number, key: string, latest: boolean): void {
      const known = before.get(id) ?? subjectOf(key).announced;
      if (known !== undefined && latest) Object.assign(subjectOf(key), known);
    },
    /** What should be open now. */
    open: (): string[] =>
      [...subjects]
        .flatMap(([key, { there, agreed, held }]) => (there !== agreed && held === undefined ? [key] : []))
        .sort(),
    heldBack: (): string[] =>
      [...subjects]
        .flatMap(([key, { there, agreed, held }]) => (there !== agreed && held !== undefined ? [key] : []))
        .sort(),
  };
}

function kindOf({ port, everThere }: Subject, there: boolean): DeltaKind {
  if (port !== undefined) return there ? 'service-added' : 'service-removed';
  if (!there) return 'host-down';
  return everThere ? 'host-recovered' : 'host-appeared';
}
