import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '../../src/core/secrets.ts';

// Assembled here, so that no scanner takes them for real ones.
const SECRETS = {
  'a Slack bot token': ['xoxb', '123456789012-abcdefABCDEF'].join('-'),
  'a Slack app token': ['xapp', '1-A0-2-abcdef'].join('-'),
  'a Discord token': ['MTA5OTk5OTk5OTk5OTk5OTk5', 'GabcDE', 'x'.repeat(38)].join('.'),
  'a bearer token': `Authorization: Bearer ${'s3cr3t'.repeat(4)}`,
  'a bearer token alone': `bearer ${'s3cr3t'.repeat(4)}`,
  'an AWS key': `AKIA${'ABCDEFGH12345678'}`,
  'a Google key': `AIza${'s'.repeat(35)}`,
  'a GitHub token': `ghp_${'s3cr3t'.repeat(6)}`,
  'a JSON web token': ['eyJhbGciOiJIUzI1NiJ9', 's3cr3ts3cr3t', 'sig'].join('.'),
  'a site key': `ndk_${'s3cr3t'.repeat(7)}`,
  'a password': 'password=s3cr3ts3cr3t',
  'a password in JSON': '{"db_password": "s3cr3ts3cr3t"}',
  'an AWS secret': 'AWS_SECRET_ACCESS_KEY=s3cr3ts3cr3t/abc',
  'a password in an address': 'postgres://bot:s3cr3ts3cr3t@db/netdelta',
};

describe('the scrubber removes', () => {
  it.each(Object.entries(SECRETS))('%s', (_name, secret) => {
    const clean = withoutSecrets(`connect ECONNREFUSED with ${secret} at 10.0.0.1:443`);
    const value = secret.split(/[\s=:"@]+/).findLast((part) => part.length > 11) ?? secret;
    expect(clean).not.toContain(value);
    expect(clean).toContain('[secret]');
    expect(clean).toContain('at 10.0.0.1:443');
  });
});

it('other text stays: addresses, versions, names, commands', () => {
  for (const text of [
    'group add office 10.0.0.0/24 10.0.1.1-50 exclude:10.0.0.1 profile:quick',
    '2001:db8::1 OpenSSH 9.2p1 Debian 2+deb12u3',
    'https://example.com/path',
    'service find product:nginx name:http',
  ]) {
    expect(withoutSecrets(text)).toBe(text);
  }
});
