import type { ExtraPorts, PortObservation, PortRange, PortSet, Protocol } from '../model/observation.ts';
import { formatPorts, portSet, readPorts, subtractPorts } from '../network/port-sets.ts';

/** One entry of a host's extra ports; without `ports` it is everything that was covered and is listed nowhere else. */
export type PackedExtra = Omit<ExtraPorts, 'ports'> & { ports?: string };

/**
 * The lists of extra ports are nearly all of a large scan's XML, and hardly two hosts have the same list. But each is
 * just the covered ports minus the listed ones.
 */
export function packExtras(
  extra: readonly ExtraPorts[],
  listed: readonly PortObservation[],
  covered: PortSet,
): PackedExtra[] {
  const largest = extra.reduce<ExtraPorts | undefined>(
    (a, b) => (a !== undefined && a.ports.length >= b.ports.length ? a : b),
    undefined,
  );
  return extra.map((one) => {
    const { ports, ...kind } = one;
    const { protocol } = kind;
    const text = formatPorts({ [protocol]: ports });
    const others = extra.filter((other) => other !== one);
    const isRest = one === largest && formatPorts(rest(protocol, others, listed, covered)) === text;
    return isRest ? kind : { ...kind, ports: text };
  });
}

export function unpackExtras(
  packed: readonly PackedExtra[],
  listed: readonly PortObservation[],
  covered: PortSet,
): ExtraPorts[] {
  const known = packed.map(
    ({ ports, ...kind }): ExtraPorts => ({
      ...kind,
      ports: ports === undefined ? [] : (readPorts(ports)[kind.protocol] ?? []),
    }),
  );
  return known.map((one, index) => {
    if (packed[index]?.ports !== undefined) return one;
    const others = known.filter((other) => other !== one);
    return { ...one, ports: rest(one.protocol, others, listed, covered)[one.protocol] ?? [] };
  });
}

/** The covered ports that are neither listed nor in another entry; in linear time, once per host. */
function rest(
  protocol: Protocol,
  others: readonly ExtraPorts[],
  listed: readonly PortObservation[],
  covered: PortSet,
): PortSet {
  const single = listed.filter((port) => port.protocol === protocol).map(({ port }): PortRange => [port, port]);
  const elsewhere = others.filter((other) => other.protocol === protocol).flatMap((other) => other.ports);
  const holes = portSet({ [protocol]: [...single, ...elsewhere] });
  return subtractPorts({ [protocol]: covered[protocol] ?? [] }, holes);
}
