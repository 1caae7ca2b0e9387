import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** The content of a synthetic scan; the same seed gives the same network. */
export type SyntheticScan = {
  hosts: number;
  /** Which scan of the network it is: times and round trips differ from one to the next. */
  run: number;
  /** Share of hosts on which one service differs from run 0. */
  changed: number;
  /** The first host, counted from 10.1.0.0; 0 when left out. */
  from?: number;
};

/** A small, fast generator of repeatable numbers (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const SERVICES = [
  [22, 'ssh', 'OpenSSH', '8.4p1'],
  [80, 'http', 'nginx', '1.18.0'],
  [443, 'http', 'nginx', '1.22.1'],
  [3306, 'mysql', 'MySQL', '8.0.33'],
  [5432, 'postgresql', 'PostgreSQL DB', '15.2'],
  [25, 'smtp', 'Postfix smtpd', '3.5'],
  [53, 'domain', 'ISC BIND', '9.16.1'],
  [111, 'rpcbind', '', ''],
  [139, 'netbios-ssn', 'Samba smbd', '4.6.2'],
  [445, 'netbios-ssn', 'Samba smbd', '4.6.2'],
  [3389, 'ms-wbt-server', 'xrdp', ''],
  [8080, 'http-proxy', 'Squid http proxy', '4.13'],
  [9100, 'jetdirect', '', ''],
  [6379, 'redis', 'Redis key-value store', '6.0.16'],
] as const;

/**
 * Writes nmap's XML of a /16 with this many hosts up, 7.5 services each on average. Returns the number of open
 * services.
 */
export async function writeSyntheticScan(
  path: string,
  { hosts, run, changed, from = 0 }: SyntheticScan,
): Promise<number> {
  const file = createWriteStream(path);
  const write = async (text: string): Promise<void> => {
    if (!file.write(text)) await once(file, 'drain');
  };
  const started = 1795514786 + run * 86_400;
  await write(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap -n -sS -sV -p1-10000 -oX scan.xml 10.1.0.0/16" start="${started}" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="10000" services="1-10000"/>
<verbose level="0"/>
<debugging level="0"/>
`);
  let services = 0;
  let batch = '';
  for (let index = from; index < from + hosts; index++) {
    const { text, open } = hostText(index, run, changed, started);
    services += open;
    batch += text;
    if (batch.length > 256 * 1024) {
      await write(batch);
      batch = '';
    }
  }
  await write(`${batch}<runstats><finished time="${started + 3600}" timestr="" elapsed="3600" exit="success"/>
<hosts up="${hosts}" down="${65_536 - hosts}" total="65536"/>
</runstats>
</nmaprun>
`);
  file.end();
  await once(file, 'finish');
  return services;
}

function hostText(index: number, run: number, changed: number, started: number): { text: string; open: number } {
  const random = numbers(index * 7919 + 1);
  const times = numbers(index * 104_729 + run);
  const count = 4 + Math.floor(random() * 8);
  const chosen = SERVICES.filter(() => random() < count / SERVICES.length);
  const differs = run > 0 && numbers(index * 31 + run)() < changed;
  const shown = differs ? chosen.slice(1) : chosen;
  const ports = shown.map(([port, name, product, version]) => {
    const identity = product === '' ? '' : ` product="${product}"${version === '' ? '' : ` version="${version}"`}`;
    return `<port protocol="tcp" portid="${port}"><state state="open" reason="syn-ack" reason_ttl="64"/><service name="${name}"${identity} method="probed" conf="10"/></port>`;
  });
  const closed = closedPorts(shown.map(([port]) => port));
  const at = started + Math.floor(times() * 3000);
  const text = `<host starttime="${at}" endtime="${at + 30}"><status state="up" reason="echo-reply" reason_ttl="63"/>
<address addr="10.1.${index >> 8}.${index & 255}" addrtype="ipv4"/>
<hostnames>
</hostnames>
<ports><extraports state="closed" count="${10_000 - shown.length}">
<extrareasons reason="reset" count="${10_000 - shown.length}" proto="tcp" ports="${closed}"/>
</extraports>
${ports.join('\n')}
</ports>
<times srtt="${Math.floor(times() * 5000)}" rttvar="${Math.floor(times() * 3000)}" to="100000"/>
</host>
`;
  return { text, open: shown.length };
}

function closedPorts(open: readonly number[]): string {
  const parts: string[] = [];
  let from = 1;
  for (const port of [...open].sort((a, b) => a - b)) {
    if (port > from) parts.push(port - 1 === from ? `${from}` : `${from}-${port - 1}`);
    from = port + 1;
  }
  if (from <= 10_000) parts.push(`${from}-10000`);
  return parts.join(',');
}
