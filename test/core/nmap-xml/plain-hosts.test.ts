import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRun } from '../../../src/core/nmap-xml/parse-run.ts';
import { amount } from '../../thorough.ts';

const address = fc.constantFrom(
  '<address addr="10.0.0.7" addrtype="ipv4"/>',
  '<address addr="fd00::7" addrtype="ipv6"/>',
  '<address addr="FD00::7" addrtype="ipv6"/>',
  '<address addr="10.0.0.300" addrtype="ipv4"/>',
  '<address addr="10.0.0.7" addrtype="ipv4"/><address addr="02:00:00:00:00:07" addrtype="mac" vendor="A &amp; B"/>',
);
const names = fc.constantFrom(
  '',
  '<hostname name="a.example" type="PTR"/>',
  '<hostname name="b&#46;example" type="user"/>',
);
const list = fc.constantFrom('1-79,81-1000', '1-1000', '', '5', '7-3,9', '1-70000', '22,-4');
const extra = fc
  .tuple(
    fc.constantFrom('closed', 'filtered', 'open|filtered', 'strange'),
    fc.constantFrom('reset', 'no-responses', 'admin-prohibited'),
    fc.constantFrom('tcp', 'udp', 'sctp', 'icmp'),
    list,
    fc.constantFrom(' ', '\n'),
  )
  .map(
    ([state, reason, proto, ports, space]) =>
      `<extraports state="${state}" count="999">${space}<extrareasons reason="${reason}" count="999" proto="${proto}" ports="${ports}"/>\n</extraports>`,
  );
const port = fc
  .tuple(fc.integer({ min: 78, max: 82 }), fc.constantFrom('open', 'closed'))
  .map(
    ([id, state]) =>
      `<port protocol="tcp" portid="${id}"><state state="${state}" reason="syn-ack" reason_ttl="64"/></port>`,
  );

const documentOf = (hosts: readonly string[]) => `<?xml version="1.0"?>
<nmaprun scanner="nmap" args="nmap -p1-1000 10.0.0.0/24" start="1795514786" version="7.93">
<scaninfo type="syn" protocol="tcp" numservices="1000" services="1-1000"/>
${hosts.join('\n')}
<runstats><finished time="1795514800" exit="success"/><hosts up="1" down="0" total="1"/></runstats>
</nmaprun>`;

const read = (hosts: readonly string[]) => parseRun(Buffer.from(documentOf(hosts)));

/** A comment turns a plain host into one that is read tag by tag. */
const tagByTag = (host: string) => host.replace('</host>', '<!-- --></host>');

test('a host that is plain in the bytes gives the same as one that is read tag by tag', () => {
  const host = fc
    .tuple(address, names, fc.array(extra, { maxLength: 2 }), fc.array(port, { maxLength: 3 }))
    .map(
      ([addr, name, extras, ports]) =>
        `<host starttime="1" endtime="2"><status state="up" reason="echo-reply" reason_ttl="63"/>\n${addr}\n<hostnames>\n${name}</hostnames>\n<ports>${extras.join('\n')}\n${ports.join('\n')}\n</ports>\n<times srtt="1" rttvar="2" to="100000"/>\n</host>`,
    );
  fc.assert(
    fc.property(fc.array(host, { minLength: 1, maxLength: 4 }), (hosts) => {
      expect(read(hosts)).toEqual(read(hosts.map(tagByTag)));
    }),
    { numRuns: amount(60, 600) },
  );
});
