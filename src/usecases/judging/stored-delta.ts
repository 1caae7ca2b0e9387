import { defined } from '../../core/defined.ts';
import { serviceLastSeen } from '../../core/judge/coverage-history.ts';
import type { JudgedDelta } from '../../core/model/delta.ts';
import type { Belief } from '../../core/model/judgement.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { HostState } from '../../core/model/state.ts';
import { riskOf } from '../../core/risk/risk.ts';
import type { NewDelta } from '../../ports/store.ts';
import type { Decision } from './decide.ts';

/** `judged`: the states of their hosts, as far as they changed. */
type Input = { scan: Scan; belief: Belief; judged: ReadonlyMap<string, HostState>; now: number };

/** A decided delta as it is stored: with its risk, and when its subject was last seen. */
export function createStoredDelta(input: Input): (decision: Decision) => NewDelta {
  return ({ delta, fate }) => {
    const { state: _state, suppressed: _suppressed, ...plain } = delta;
    const { risk, hint } = riskOf(delta, delta);
    return {
      ...plain,
      groupId: input.scan.groupId,
      scanId: input.scan.parentId ?? input.scan.id,
      at: input.now,
      state: fate.state,
      ...defined({ heldBack: fate.heldBack }),
      risk,
      ...defined({ riskHint: hint }),
      ...seen(input, input.judged.get(delta.address), delta),
    };
  };
}

/**
 * A subject that is present is seen now; one that is gone was seen by an earlier scan, which is left out if it is
 * unknown.
 */
function seen(
  { belief, now }: Input,
  judged: HostState | undefined,
  delta: JudgedDelta,
): { firstSeen?: number; lastSeen?: number } {
  const host = belief.hosts.get(delta.address) ?? judged;
  if (host === undefined) return {};
  const gone = delta.after?.present === false;
  if (delta.port === undefined) {
    return { firstSeen: host.firstSeen, lastSeen: host.lastSeen ?? (gone ? judged?.lastSeen : undefined) ?? now };
  }
  const firstSeen = serviceOf(host, delta)?.since ?? now;
  const lastSeen = gone ? serviceLastSeen(belief, delta) : now;
  return lastSeen === undefined ? { firstSeen } : { firstSeen, lastSeen };
}

function serviceOf(host: HostState, delta: JudgedDelta) {
  return host.services.find((service) => service.port === delta.port && service.protocol === (delta.protocol ?? 'tcp'));
}
