import { SERVICE_KINDS, type ServiceKind, UDP_PORT } from './services.ts';

/** One host. Ports that are not named are closed: TCP answers with a reset, UDP with port-unreachable. */
export type LabHost = {
  up: boolean;
  /** TCP ports that are open. */
  open: Readonly<Record<string, ServiceKind>>;
  /** UDP ports that answer. */
  udp?: readonly number[];
  /** TCP ports whose probes are dropped. */
  filtered?: readonly number[];
  /** TCP ports that a firewall rejects: ICMP admin-prohibited. */
  rejected?: readonly number[];
  /** Everything except `open` and `rejected` is dropped. */
  walled?: boolean;
  /** Every TCP port accepts and stays silent. */
  tarpit?: boolean;
};

/** By address. */
export type LabState = Readonly<Record<string, LabHost>>;

/** The path between the scanner and the hosts. */
export type Weather = {
  /** Share of packets lost, each way, 0 to 1. */
  loss: number;
  /** Addresses and CIDRs whose gateway is away: dropped both ways. */
  gone: readonly string[];
};

export const DEVICE = 'lab0';

/** The table without hosts; created once. Rules see the addresses as probed, before any redirect. */
export function baseRules(listener: string): string {
  const pair = 'type ipv4_addr . inet_service;';
  return `table ip lab {
  set up { type ipv4_addr; }
  set tarpit { type ipv4_addr; }
  set walled { type ipv4_addr; }
  set filtered { ${pair} }
  set rejected { ${pair} }
  set open { ${pair} }
  map service { type ipv4_addr . inet_service : inet_service; }
  set datagrams { ${pair} }
  set gone { type ipv4_addr; flags interval; }
  chain weather { }
  chain arriving {
    type filter hook prerouting priority -300; policy accept;
    iifname != "${DEVICE}" accept
    ip daddr ${listener} accept
    jump weather
    ip daddr @gone drop
    ip daddr != @up drop
    ip daddr . tcp dport @filtered drop
    ip daddr . tcp dport @rejected reject with icmp type admin-prohibited
    meta l4proto tcp ip daddr @walled ip daddr . tcp dport != @open drop
    meta l4proto udp ip daddr @walled ip daddr . udp dport != @datagrams drop
  }
  chain serving {
    type nat hook prerouting priority -100; policy accept;
    iifname != "${DEVICE}" accept
    meta l4proto tcp ip daddr @tarpit redirect to :${SERVICE_KINDS.silent.port}
    ip daddr . udp dport @datagrams redirect to :${UDP_PORT}
    meta l4proto tcp redirect to :ip daddr . tcp dport map @service
  }
  chain leaving {
    type filter hook postrouting priority -300; policy accept;
    oifname != "${DEVICE}" accept
    ip saddr @gone drop
    jump weather
  }
}
`;
}

const SETS = ['up', 'tarpit', 'walled', 'filtered', 'rejected', 'open', 'datagrams'] as const;
type SetName = (typeof SETS)[number] | 'service';

/** Replaces all hosts in one transaction: no probe sees half of a change. */
export function hostRules(state: LabState): string {
  const elements = new Map<SetName, string[]>();
  const add = (set: SetName, element: string) => elements.set(set, [...(elements.get(set) ?? []), element]);
  for (const [address, host] of Object.entries(state)) {
    if (!host.up) continue;
    add('up', address);
    if (host.tarpit === true) add('tarpit', address);
    if (host.walled === true) add('walled', address);
    for (const [port, kind] of Object.entries(host.open)) {
      add('open', `${address} . ${port}`);
      add('service', `${address} . ${port} : ${SERVICE_KINDS[kind].port}`);
    }
    for (const port of host.udp ?? []) add('datagrams', `${address} . ${port}`);
    for (const port of host.filtered ?? []) add('filtered', `${address} . ${port}`);
    for (const port of host.rejected ?? []) add('rejected', `${address} . ${port}`);
  }
  const flush = [...SETS.map((set) => `flush set ip lab ${set}`), 'flush map ip lab service'];
  const fill = [...elements].map(([set, members]) => `add element ip lab ${set} { ${members.join(', ')} }`);
  return `${[...flush, ...fill].join('\n')}\n`;
}

export function weatherRules(weather: Weather): string {
  const perTenThousand = Math.round(weather.loss * 10_000);
  const drop = perTenThousand >= 10_000 ? 'drop' : `numgen random mod 10000 < ${perTenThousand} drop`;
  return [
    'flush chain ip lab weather',
    ...(perTenThousand > 0 ? [`add rule ip lab weather ${drop}`] : []),
    'flush set ip lab gone',
    ...(weather.gone.length > 0 ? [`add element ip lab gone { ${weather.gone.join(', ')} }`] : []),
    '',
  ].join('\n');
}
