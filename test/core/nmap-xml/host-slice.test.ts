import { describe, expect, it } from 'vitest';
import { isPlain, isRegular } from '../../../src/core/nmap-xml/host-slice.ts';

const plain = (inside: string) => isPlain(Buffer.from(`<host starttime="1">${inside}</host>`));
const regular = (inside: string) => isRegular(Buffer.from(`<host>${inside}</host>`));

describe('a host is plain', () => {
  it.each([
    '<hostnames><hostname name="a"/></hostnames>',
    '<hostscript><script id="x" output="what?! &lt;b>"/></hostscript>',
    '<times srtt="1"/>',
  ])('with %s', (inside) => expect(plain(inside)).toBe(true));

  it.each(['<!-- x -->', '<![CDATA[x]]>', '<?x?>', '<taskprogress task="x"/>', '<host >', '<host><status/>'])(
    'but not with %s',
    (inside) => expect(plain(inside)).toBe(false),
  );

  it.each(['<host>', '<host', '', '<host>x', '</host'])('not while it is %j', (text) =>
    expect(isPlain(Buffer.from(text))).toBe(false),
  );
});

describe('nothing in a host is left out', () => {
  it('when a service is called unknown', () => {
    expect(regular('<ports><port><state state="open"/><service name="unknown"/></port></ports>')).toBe(true);
  });

  it.each(['<port><state state="unknown"/></port>', '<extraports state="closed" count="3"/>'])('but for %s', (inside) =>
    expect(regular(`<ports>${inside}</ports>`)).toBe(false),
  );
});
