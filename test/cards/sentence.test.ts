import { describe, expect, it } from 'vitest';
import { markedTitle } from '../../src/cards/card.ts';
import { sentence } from '../../src/cards/sentence.ts';
import { toneOf } from '../../src/cards/words.ts';
import type { Delta } from '../../src/core/model/alert.ts';
import { DELTA_KINDS } from '../../src/core/model/delta-kinds.ts';
import { addresses, answered, closed, delta, opened, service } from '../gallery/samples.ts';
import { mixed, outage } from '../gallery/scenes-alert.ts';

const of = (...deltas: Delta[]) => sentence(deltas, 'office');
const OF_SERVICE: readonly Delta['kind'][] = [
  'service-added',
  'service-removed',
  'service-changed',
  'certificate-changed',
  'certificate-expiring',
  'host-key-changed',
];
const at = (kind: Delta['kind'], address = '10.0.4.7') => delta({ kind, address });

describe('the sentence of an alert', () => {
  it('says what and where, for one delta of each kind', () => {
    expect(of(delta())).toBe('RDP opened on 10.0.4.7 (office)');
    expect(of(closed('10.0.4.7', 22, 'ssh'))).toBe('SSH closed on 10.0.4.7 (office)');
    expect(of(at('host-appeared'))).toBe('New host 10.0.4.7 (office)');
    expect(of(at('host-down'))).toBe('10.0.4.7 is down (office)');
    expect(of(at('host-recovered'))).toBe('10.0.4.7 is up again (office)');
    expect(of(at('target-added'))).toBe('A host name now leads to 10.0.4.7 (office)');
    expect(of(at('target-removed'))).toBe('A host name no longer leads to 10.0.4.7 (office)');
    expect(of(at('all-ports-open'))).toBe('Every port answers on 10.0.4.7 (office)');
    expect(sentence([outage()], 'dmz')).toBe('12 hosts of dmz went silent at once (192.0.2.0/24)');
  });

  const WHERE = ['10.2.0.1 (dc)', '2 hosts of dc (10.2.0.1-2)', '300 hosts of dc (10.2.0.1-10.2.1.44)'] as const;
  const everywhere = (words: (where: string) => string) => WHERE.map(words);
  const [ONE, TWO, MANY] = ['10.2.0.1', '(10.2.0.1-2)', '(10.2.0.1-10.2.1.44)'];
  const hosts = (one: string, many: string) => [
    `${ONE} ${one} (dc)`,
    `2 hosts of dc ${many} ${TWO}`,
    `300 hosts of dc ${many} ${MANY}`,
  ];

  const SENTENCES: [Delta['kind'], string[]][] = [
    ['service-added', everywhere((where) => `RDP opened on ${where}`)],
    ['service-removed', everywhere((where) => `RDP closed on ${where}`)],
    ['service-changed', everywhere((where) => `RDP changed on ${where}`)],
    ['certificate-changed', everywhere((where) => `Certificate of RDP changed on ${where}`)],
    ['certificate-expiring', everywhere((where) => `Certificate of RDP expires soon on ${where}`)],
    ['host-key-changed', everywhere((where) => `Host key of RDP changed on ${where}`)],
    ['host-appeared', [`New host ${ONE} (dc)`, `2 new hosts of dc ${TWO}`, `300 new hosts of dc ${MANY}`]],
    ['host-down', hosts('is down', 'are down')],
    ['host-recovered', hosts('is up again', 'are up again')],
    ['mac-changed', hosts('has another MAC address', 'have another MAC address')],
    ['host-dark', hosts('answers pings only: all services fell silent', 'answer pings only: all services fell silent')],
    ['target-added', everywhere((where) => `A host name now leads to ${where}`)],
    ['target-removed', everywhere((where) => `A host name no longer leads to ${where}`)],
    ['all-ports-open', everywhere((where) => `Every port answers on ${where}`)],
    ['os-changed', hosts('has another operating system', 'have another operating system')],
    ['scripts-changed', everywhere((where) => `Scripts say something else of ${where}`)],
  ];

  it('is tested here for every kind', () => {
    const known = [...SENTENCES.map(([kind]) => kind), 'outage', 'firewall'];
    expect([...known].sort()).toEqual([...DELTA_KINDS].sort());
  });

  it.each(SENTENCES)('describes a %s of 1, 2 and 300 hosts', (kind, sentences) => {
    const said = [1, 2, 300].map((count) => {
      const change = { kind, protocol: 'tcp', port: 3389 } as const;
      return sentence(
        addresses(count).map((address) => delta({ ...(OF_SERVICE.includes(kind) ? change : { kind }), address })),
        'dc',
      );
    });
    expect(said).toEqual(sentences);
  });

  it('describes an outage and a firewall by the hosts behind it, of one network or of several', () => {
    const networks = (kind: Delta['kind'], count: number) =>
      Array.from({ length: count }, (_, index) =>
        delta({ kind, address: `10.2.${index}.0/24`, members: addresses(12, 256 * index + 1) }),
      );
    const said = (kind: Delta['kind']) => [1, 2].map((count) => sentence(networks(kind, count), 'dc'));
    expect(said('outage')).toEqual([
      '12 hosts of dc went silent at once (10.2.0.0/24)',
      '24 hosts of dc went silent at once (10.2.0.0/24, 10.2.1.0/24)',
    ]);
    expect(said('firewall')).toEqual([
      'A firewall in front of 12 hosts of dc drops everything (10.2.0.0/24)',
      'A firewall in front of 24 hosts of dc drops everything (10.2.0.0/24, 10.2.1.0/24)',
    ]);
    expect(sentence([...networks('firewall', 1), at('host-dark')], 'dc')).toBe(
      '1 host gone dark, 12 behind a firewall that drops everything (dc)',
    );
  });

  it('says what changed about a service', () => {
    const before = {
      present: true,
      identity: { ...service('ssh', 'probed', 'OpenSSH'), version: '8' },
    };
    const changed = (identity: object, kind: 'service-changed' | 'host-key-changed' = 'service-changed') =>
      of(
        delta({
          kind,
          port: 22,
          before,
          after: { present: true, identity: { ...before.identity, ...identity } },
        }),
      );
    expect(changed({ version: '9' })).toBe('SSH version changed on 10.0.4.7 (office)');
    expect(changed({}, 'host-key-changed')).toBe('Host key of SSH changed on 10.0.4.7 (office)');
    expect(changed({ tunnel: 'ssl' })).toBe('SSH encryption changed on 10.0.4.7 (office)');
    expect(changed({ product: 'dropbear' })).toBe('SSH changed on 10.0.4.7 (office)');
  });

  it('uses the common name of a service, by a probe rather than the port, and otherwise the port', () => {
    expect(of(delta({ port: 5432, after: { present: true } }))).toBe('PostgreSQL opened on 10.0.4.7 (office)');
    expect(of(opened('10.0.4.7', 3389, 'http'))).toBe('HTTP (3389/tcp) opened on 10.0.4.7 (office)');
    expect(of(opened('10.0.4.7', 9200, 'http'))).toBe('Elasticsearch opened on 10.0.4.7 (office)');
    expect(of(opened('10.0.4.7', 8123, 'tcpwrapped'))).toBe('8123/tcp opened on 10.0.4.7 (office)');
  });

  it('describes the same change of many hosts once, with their ranges', () => {
    const many = addresses(40).map((address) => delta({ address }));
    expect(sentence(many, 'dc')).toBe('RDP opened on 40 hosts of dc (10.2.0.1-40)');
    const scattered = [1, 3, 5, 7].map((last) => delta({ kind: 'host-down', address: `10.0.4.${last}` }));
    expect(of(...scattered)).toBe('4 hosts of office are down (10.0.4.1, 10.0.4.3 and 2 more)');
    expect(of(at('host-appeared', '10.0.4.1'), at('host-appeared', '10.0.4.2'))).toBe(
      '2 new hosts of office (10.0.4.1-2)',
    );
  });

  it('names a few services of one host, and counts mixed changes, worst first', () => {
    expect(of(opened('10.0.4.7', 22, 'ssh'), opened('10.0.4.7', 3389, 'ms-wbt-server'))).toBe(
      'RDP and SSH opened on 10.0.4.7 (office)',
    );
    expect(of(...mixed())).toBe('3 services opened, 1 closed, 1 new host, 1 host down (office)');
    expect(of(opened('10.0.4.1', 22, 'ssh'), closed('10.0.4.2', 80, 'http'))).toBe(
      '1 service opened, 1 closed on 2 hosts (office)',
    );
  });

  it('has the mark of the worst open risk, then that of how it ended', () => {
    const marked = (...deltas: Delta[]) => markedTitle({ tone: toneOf(deltas), title: of(...deltas) });
    expect(marked(delta())).toBe('🟥 RDP opened on 10.0.4.7 (office)');
    const ended = (change: Partial<Delta>) => marked(delta(change)).split(' ')[0];
    expect(ended({ acknowledgement: answered('acknowledged') })).toBe('☑️');
    expect(ended({ acknowledgement: answered('expected') })).toBe('📅');
    expect(ended({ acknowledgement: answered('false-alarm') })).toBe('🚫');
    expect(ended({ resolvedAt: 1 })).toBe('✅');
    expect(ended({ resolvedAt: 1, acknowledgement: answered('acknowledged') })).toBe('✅');
  });
});
