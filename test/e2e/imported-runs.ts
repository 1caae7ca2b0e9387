/** Two nights of somebody else's nmap: the first before the second, on which 80/tcp is open. */
export const IMPORTED = [run(1_700_000_000, [22]), run(1_700_086_400, [22, 80])] as const;

function run(start: number, open: readonly number[]): Buffer {
  const port = (number: number) =>
    `<port protocol="tcp" portid="${number}"><state state="open" reason="syn-ack" reason_ttl="64"/></port>`;
  const closed = [22, 80].filter((number) => !open.includes(number));
  const rest =
    closed.length === 0
      ? ''
      : `<extraports state="closed" count="1"><extrareasons reason="reset" count="1" proto="tcp" ports="${closed}"/></extraports>`;
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap -oX - -p 22,80 127.0.0.1" start="${start}" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="2" services="22,80"/>
<host><status state="up" reason="localhost-response" reason_ttl="0"/><address addr="127.0.0.1" addrtype="ipv4"/>
<ports>${rest}${open.map(port).join('')}</ports></host>
<runstats><finished time="${start + 9}" elapsed="9" exit="success"/><hosts up="1" down="0" total="1"/></runstats>
</nmaprun>
`);
}
