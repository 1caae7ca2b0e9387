import { defined } from '../../core/defined.ts';
import { serviceLastSeen } from '../../core/judge/coverage-history.ts';
import type { JudgedDelta } from '../../core/model/delta.ts';
import type { Belief, Judgement } from '../../core/model/judgement.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { HostState } from '../../core/model/state.ts';
import { riskOf } from '../../core/risk/risk.ts';
import type { NewDelta } from '../../ports/store.ts';
import type { Decision } from './decide.ts';

type Input = { scan: Scan; belief: Belief; judgement: Judgement; now: number };

/** A decided delta as it is stored: with its risk, and when its subject was seen. */
export function createStoredDelta(input: Input): (decision: Decision) => NewDelta {
  const judged = new Map(input.judgement.hosts.map((state) => [state.address, state]));
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
      ...seen(input, judged.get(delta.address), delta),
    };
  };
}

/** What is there is seen now; what is gone was seen by an earlier scan, which is left out where nobody knows which. */
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
