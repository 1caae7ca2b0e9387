import { describe, expect, it } from 'vitest';
import { markedTitle, plainText } from '../../src/cards/card.ts';
import { hostShowCard } from '../../src/cards/host.ts';
import { hostListCard } from '../../src/cards/host-list.ts';
import type { Delta } from '../../src/core/model/alert.ts';
import type { Group } from '../../src/core/model/group.ts';
import type { HostCode, HostState, ServiceState } from '../../src/core/model/state.ts';
import { answered, delta, dmz, host, NOW, office } from '../gallery/samples.ts';

const titleOf = (code: HostCode, deltas: readonly Delta[] = []) => {
  const state = host('10.0.4.7', [[22, 'ssh']], { code, present: code !== 'down' });
  return markedTitle(
    hostShowCard('10.0.4.7', [{ group: office, state, coveredAt: NOW, records: {}, timeline: [], deltas }]),
  );
};

describe('host show', () => {
  it('ticks a host only when its last scan shows that it is up', () => {
    expect(titleOf('unchanged')).toBe('✅ Host 10.0.4.7');
    expect(titleOf('undetermined')).toBe('Host 10.0.4.7');
    expect(titleOf('unresponsive')).toBe('Host 10.0.4.7');
    expect(titleOf('down')).toBe('🟧 Host 10.0.4.7');
  });

  it('has the mark of the worst delta that waits for an answer', () => {
    expect(titleOf('services-added', [delta({ port: 22 }), delta()])).toBe('🟥 Host 10.0.4.7');
    expect(titleOf('services-added', [delta({ acknowledgement: answered('acknowledged') })])).toBe('✅ Host 10.0.4.7');
  });
});

describe('host list', () => {
  const row = (one: HostState, groupName = 'office') => ({ host: one, groupName });
  const shown = (group: Group | undefined, rows: readonly { host: HostState; groupName: string }[]) => {
    const card = hostListCard(group, rows, '', { command: 'host list', page: 1, total: rows.length });
    return card.sections.flatMap((section): (string | readonly string[])[] => {
      if (section.type === 'text') return [plainText(section.text)];
      return section.type === 'table' ? [section.columns, ...section.rows.map((cells) => cells.map(plainText))] : [];
    });
  };

  it('has a row for each host, with its status, its services by their common names, and its name', () => {
    const gone = { ...host('10.0.4.1', [[23, 'telnet']]).services[0], present: false };
    const gateway = host('10.0.4.1', [[22, 'ssh']], { hostnames: ['gw.lan', 'gw2.lan'] });
    const silent = host('10.0.4.9', [], { code: 'unresponsive', lastSeen: NOW });
    const rows = [row({ ...gateway, services: [...gateway.services, gone as ServiceState] }), row(silent)];
    expect(shown(office, rows)).toEqual([
      ['address', 'status', 'last seen', 'open ports', 'name'],
      ['10.0.4.1', 'unchanged (2)', '', '22 SSH', 'gw.lan'],
      ['10.0.4.9', 'unresponsive (6)', '2026-11-24 12:00 UTC', '–', ''],
    ]);
  });

  it('shows once what all of its hosts have in common', () => {
    const rows = ['10.0.4.1', '10.0.4.2'].map((address) => row(host(address, [[443, 'https']])));
    const table = [
      ['address', 'open ports'],
      ['10.0.4.1', '443 HTTPS'],
      ['10.0.4.2', '443 HTTPS'],
    ];
    expect(shown(office, rows)).toEqual(['All unchanged (2)', ...table]);
    expect(shown(undefined, rows)).toEqual(['All unchanged (2) in office', ...table]);
    expect(shown(undefined, [row(host('192.0.2.1', []), dmz.name)])).toEqual([
      'unchanged (2) in dmz',
      ['address'],
      ['192.0.2.1'],
    ]);
  });

  it('counts ports that do not fit on a phone, and shortens long names', () => {
    const ports = [22, 80, 443, 3306, 5432].map((port) => [port, 'unknown'] as const);
    const long = host('10.0.4.1', [[8123, 'a-protocol-nobody-knows']], { hostnames: [`${'a'.repeat(60)}.example`] });
    expect(shown(office, [row(host('10.0.4.7', ports)), row(long)]).slice(2)).toEqual([
      ['10.0.4.7', '22 SSH, 80 HTTP +3', ''],
      ['10.0.4.1', '8123 a-protocol-…', `${'a'.repeat(23)}…`],
    ]);
  });
});
