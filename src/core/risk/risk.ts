import { unreachable } from '../errors.ts';
import { type DeltaSide, type DeltaSubject, RISKS, type Risk } from '../model/delta.ts';
import { isGlobalAddress } from '../network/address-scope.ts';
import { RISKY_PORTS, RISKY_SERVICES, type RiskyService } from './risk-table.ts';

export type RiskAssessment = { risk: Risk; hint?: string };

/**
 * What a delta means for the people who answer for the network: not how sure it is, but how much it matters.
 * A risky service counts one step more on an address that the whole world can reach.
 */
export function riskOf(
  subject: DeltaSubject,
  sides: { before?: DeltaSide | undefined; after?: DeltaSide | undefined },
): RiskAssessment {
  switch (subject.kind) {
    case 'service-added':
      return added(subject, sides.after);
    case 'service-removed':
      return removed(subject, sides.before);
    case 'service-changed':
      return changed(subject, sides.before, sides.after);
    case 'host-appeared':
      return { risk: 'medium', hint: 'a machine that was not there before' };
    case 'host-down':
      return { risk: 'medium' };
    case 'host-recovered':
      return { risk: 'info' };
    case 'target-added':
    case 'target-removed':
      return { risk: 'low', hint: 'a host name now leads to another address' };
    case 'outage':
      return { risk: 'high', hint: 'many hosts fell silent at once: probably the path to them, not the hosts' };
    case 'all-ports-open':
      return {
        risk: 'medium',
        hint: 'every port answers: a tarpit, a SYN proxy or a firewall that accepts for others',
      };
    default:
      return unreachable(subject.kind);
  }
}

function added(subject: DeltaSubject, side: DeltaSide | undefined): RiskAssessment {
  const known = lookUp(subject, side);
  if (known === undefined) return { risk: 'medium' };
  if (!isGlobalAddress(subject.address) || RISKS.indexOf(known.opened) < RISKS.indexOf('medium')) {
    return { risk: known.opened, hint: known.hint };
  }
  return { risk: oneMore(known.opened), hint: `${known.hint}; open to the world` };
}

function removed(subject: DeltaSubject, side: DeltaSide | undefined): RiskAssessment {
  const known = lookUp(subject, side);
  if (known?.lost === undefined) return { risk: known === undefined ? 'low' : 'info' };
  return { risk: 'medium', hint: known.lost };
}

function changed(subject: DeltaSubject, before: DeltaSide | undefined, after: DeltaSide | undefined): RiskAssessment {
  const [old, now] = [before?.identity, after?.identity];
  if (old?.fingerprint !== undefined && now?.fingerprint !== undefined && old.fingerprint !== now.fingerprint) {
    return now.name === 'ssh'
      ? { risk: 'high', hint: 'the SSH host key is another: reinstalled, or someone stands in between' }
      : { risk: 'medium', hint: 'the TLS certificate is another: renewed, or someone stands in between' };
  }
  if (old?.name === now?.name && old?.product === now?.product) return { risk: 'low' };
  const known = lookUp(subject, after);
  const risk = known !== undefined && RISKS.indexOf(known.opened) > RISKS.indexOf('medium') ? known.opened : 'medium';
  return known === undefined || risk === 'medium' ? { risk: 'medium' } : { risk, hint: known.hint };
}

/** What a service answers says more than its port number, unless that name was only guessed from the number. */
function lookUp(subject: DeltaSubject, side: DeltaSide | undefined): RiskyService | undefined {
  const identity = side?.identity;
  if (identity?.method === 'probed') {
    const named = RISKY_SERVICES[identity.name.toLowerCase()];
    if (named !== undefined) return named;
  }
  return subject.port === undefined ? undefined : RISKY_PORTS[`${subject.port}/${subject.protocol ?? 'tcp'}`];
}

function oneMore(risk: Risk): Risk {
  return RISKS[RISKS.indexOf(risk) + 1] ?? 'critical';
}
