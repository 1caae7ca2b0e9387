import { hostEvidence } from '../../src/core/compare/evidence.ts';
import type { HostObservation } from '../../src/core/model/observation.ts';
import { canonicalAddress } from '../../src/core/network/addresses.ts';
import { attribute, child, createFragmentParser } from '../../src/core/nmap-xml/fragment.ts';
import { addressIn, statusIn } from '../../src/core/nmap-xml/host-slice.ts';

export type Status = HostObservation['status'];

/**
 * A host of the older run; `asked` when its bytes alone don't show its content, or the newer run has had its address.
 */
export type Place = { at: number; length: number; print: string; asked: boolean; taken: boolean };

/** An address in NetDelta's own spelling; others are found by parsing. */
export function plainAddress(bytes: Buffer): string | undefined {
  const address = addressIn(bytes);
  return address !== undefined && canonicalAddress(address) === address ? address : undefined;
}

/** Few hosts differ in their status. Undefined where only the ports can show whether it is up. */
export function createStatusReader(): (bytes: Buffer) => Status | undefined {
  const parse = createFragmentParser();
  const known = new Map<string, Status | undefined>();
  function read(text: string): Status | undefined {
    const node = child(parse(text), 'status') ?? {};
    const status = attribute(node, 'state');
    if (status !== 'up' && status !== 'down') return undefined;
    const reason = attribute(node, 'reason') ?? 'unknown';
    const { strength } = hostEvidence({
      address: '',
      hostnames: [],
      status,
      reason,
      timedOut: false,
      ports: [],
      extra: [],
    });
    return strength === (status === 'up' ? 'strong-present' : 'weak-absent') ? status : undefined;
  }
  return (bytes) => {
    const text = statusIn(bytes);
    if (!known.has(text)) known.set(text, known.size < 1000 ? read(text) : undefined);
    return known.get(text);
  };
}
