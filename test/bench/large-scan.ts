import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/**
 * Writes a scan of a /8 with about this many bytes: 20 open ports per host with names, products and versions. On every
 * 997th host one port is closed; `variant` chooses which.
 */
export async function writeLargeScan(path: string, bytes: number, variant: number): Promise<{ hosts: number }> {
  const file = createWriteStream(path);
  let written = 0;
  let hosts = 0;
  const write = async (text: string): Promise<void> => {
    written += text.length;
    if (!file.write(text)) await once(file, 'drain');
  };
  await write(HEAD);
  while (written < bytes - 1000) {
    hosts++;
    await write(hostText(hosts, hosts % 997 === variant));
  }
  await write(`<runstats><finished time="1795513541" exit="success"/>
<hosts up="${hosts}" down="${2 ** 24 - hosts}" total="${2 ** 24}"/>\n</runstats>\n</nmaprun>\n`);
  file.end();
  await once(file, 'finish');
  return { hosts };
}

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap -n -sS -sV -p1-1000 -oX scan.xml 10.0.0.0/8" start="1795514786" version="7.93">
<scaninfo type="syn" protocol="tcp" numservices="1000" services="1-1000"/>
<verbose level="0"/>
`;

function hostText(number: number, changed: boolean): string {
  const address = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
  const ports = Array.from({ length: 20 }, (_, index) => {
    const [state, reason] = changed && index === 9 ? ['closed', 'reset'] : ['open', 'syn-ack'];
    const version = `1.${index}.${number % 50}`;
    return `<port protocol="tcp" portid="${21 + index}"><state state="${state}" reason="${reason}" reason_ttl="64"/>\
<service name="http" product="nginx" version="${version}" method="probed" conf="10"><cpe>cpe:/a:nginx:${version}</cpe></service></port>`;
  });
  return `<host starttime="1795513514" endtime="1795513541"><status state="up" reason="echo-reply" reason_ttl="64"/>
<address addr="${address}" addrtype="ipv4"/>
<hostnames>
<hostname name="host-${number}.example.net" type="PTR"/>
</hostnames>
<ports><extraports state="closed" count="980">
<extrareasons reason="reset" count="980" proto="tcp" ports="1-20,41-1000"/>
</extraports>
${ports.join('\n')}
</ports>
<times srtt="6" rttvar="0" to="100000"/>
</host>
`;
}
