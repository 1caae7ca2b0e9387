import { expect, test } from 'vitest';
import { packIdentity, sharedIdentity, unpackIdentity } from '../../../adapters/sequelize/packed-identity.ts';
import type { ServiceIdentity } from '../../../src/core/model/observation.ts';

const nginx: ServiceIdentity = { name: 'http', product: 'nginx', version: '1.18.0', method: 'probed', confidence: 10 };
const table: ServiceIdentity = { name: 'ssh', method: 'table', confidence: 3 };
const whole: ServiceIdentity = {
  ...nginx,
  ...{ extrainfo: 'Ubuntu', tunnel: 'ssl', confidence: 8 },
  certificate: { fingerprint: 'ab', subject: 'CN=x' },
  hostKeys: [{ type: 'ssh-rsa', fingerprint: 'cd' }],
};

test.each([nginx, table, whole, { ...table, name: '' }])('an identity comes back as it was stored', (identity) => {
  expect(unpackIdentity(packIdentity(identity))).toEqual(identity);
  expect(sharedIdentity(packIdentity(identity))).toEqual(identity);
});

test('an identity that an earlier version stored is still read', () => {
  for (const identity of [nginx, table, whole]) expect(sharedIdentity(JSON.stringify(identity))).toEqual(identity);
});

test('what most services have in common takes no space', () => {
  expect(packIdentity(nginx)).toBe('{"n":"http","p":"nginx","v":"1.18.0"}');
});
