import { isRenewal } from '../compare/keys.ts';
import { unreachable } from '../errors.ts';
import { lookUp } from '../look-up.ts';
import type { DeltaSide, DeltaSubject } from '../model/delta.ts';
import { KINDS } from '../model/delta-kinds.ts';
import { RISKS, type Risk, type RiskAssessment } from '../model/scales.ts';
import { isGlobalAddress } from '../network/addresses.ts';
import { RISKY_PORTS, RISKY_SERVICES, type RiskyService, speaksHttp } from './risk-table.ts';
import { saysItself } from './service-names.ts';

/**
 * What a delta means to the people who run the network: not how sure it is, but how much it matters. A risky service
 * counts one step more on an address that the whole world can reach.
 */
export function riskOf(
  subject: DeltaSubject,
  sides: { before?: DeltaSide | undefined; after?: DeltaSide | undefined },
): RiskAssessment {
  const { risk } = KINDS[subject.kind];
  if (typeof risk === 'object') return risk;
  switch (risk) {
    case 'opened':
      return opened(subject, sides.after);
    case 'closed':
      return closed(subject, sides.before);
    case 'identity':
      return changed(subject, sides.before, sides.after);
    case 'certificate':
      return newCertificate(sides.before, sides.after);
    default:
      return unreachable(risk);
  }
}

function opened(subject: DeltaSubject, side: DeltaSide | undefined): RiskAssessment {
  const known = riskyService(subject, side);
  if (known === undefined) return { risk: 'medium' };
  if (!isGlobalAddress(subject.address) || RISKS.indexOf(known.opened) < RISKS.indexOf('medium')) {
    return { risk: known.opened, hint: known.hint };
  }
  return { risk: oneMore(known.opened), hint: `${known.hint}; open to the world` };
}

function closed(subject: DeltaSubject, side: DeltaSide | undefined): RiskAssessment {
  const known = riskyService(subject, side);
  if (known?.lost === undefined) return { risk: known === undefined ? 'low' : 'info' };
  return { risk: 'medium', hint: known.lost };
}

function changed(subject: DeltaSubject, before: DeltaSide | undefined, after: DeltaSide | undefined): RiskAssessment {
  const [old, now] = [before?.identity, after?.identity];
  if (old?.tunnel !== undefined && now?.tunnel === undefined) return { risk: 'high', hint: 'TLS is gone' };
  if (old?.name === now?.name && old?.product === now?.product) return { risk: 'low' };
  const known = riskyService(subject, after);
  const risk = known !== undefined && RISKS.indexOf(known.opened) > RISKS.indexOf('medium') ? known.opened : 'medium';
  return known === undefined || risk === 'medium' ? { risk: 'medium' } : { risk, hint: known.hint };
}

function newCertificate(before: DeltaSide | undefined, after: DeltaSide | undefined): RiskAssessment {
  const [old, now] = [before?.identity?.certificate, after?.identity?.certificate];
  if (old !== undefined && now !== undefined && isRenewal(old, now)) return { risk: 'low', hint: 'renewed' };
  return { risk: 'high', hint: 'the TLS certificate is for another name or from another issuer' };
}

/** A service's answer counts; the port number counts only where no answer contradicts it. */
function riskyService(subject: DeltaSubject, side: DeltaSide | undefined): RiskyService | undefined {
  const byPort =
    subject.port === undefined ? undefined : lookUp(RISKY_PORTS, `${subject.port}/${subject.protocol ?? 'tcp'}`);
  const identity = side?.identity;
  if (!saysItself(identity)) return byPort;
  const name = identity.name.toLowerCase();
  const agrees = byPort !== undefined && /^https?\b/.test(name) && speaksHttp(byPort);
  return agrees ? byPort : lookUp(RISKY_SERVICES, name);
}

function oneMore(risk: Risk): Risk {
  return RISKS[RISKS.indexOf(risk) + 1] ?? 'critical';
}
