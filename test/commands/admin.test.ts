import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HostState } from '../../src/core/model/state.ts';
import { ADMIN, addGroup, cardOf, type Lab, NOW, newDelta, openLab, person } from './lab.ts';
import { cardText, textOf } from './text.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

const say = async (line: string): Promise<string> => textOf(await lab.run(line));

const host: HostState = {
  address: '10.0.0.5',
  code: 'services-added',
  present: true,
  firstSeen: NOW - 86_400_000,
  hostnames: ['nas.lab.example'],
  vendor: 'ACME',
  services: [
    {
      protocol: 'tcp',
      port: 3389,
      present: true,
      since: NOW,
      identity: { name: 'ms-wbt-server', product: 'xrdp', method: 'probed', confidence: 10 },
      memory: {},
    },
    { protocol: 'tcp', port: 23, present: false, since: NOW - 86_400_000, until: NOW, memory: {} },
  ],
  memory: { run: { scans: 2, lost: 0.1 } },
};

describe('hosts and services', () => {
  beforeEach(async () => {
    await lab.tell(await addGroup(lab), [newDelta()], [host]);
  });

  it('of an address are shown with code, services, misses, history and deltas', async () => {
    const text = await say('host show 10.0.0.5');
    for (const part of [
      'services-added (3)',
      '3389/tcp xrdp',
      '23/tcp gone since 2026-11-24 12:00 UTC',
      '2 in a row, down after 3',
      'nas.lab.example, ACME',
      '#1 Telnet 23/tcp opened on 10.0.0.5 (lab) · high risk, certain',
    ]) {
      expect(text).toContain(part);
    }
    // In a chat there is a picture with it; a terminal gets one on request.
    const slack = cardOf(await lab.run('host show 10.0.0.5 theme:dark', { principal: ADMIN }));
    expect(slack.attachment).toMatchObject({ name: 'host-10.0.0.5-2026-11-24.png', when: 'always' });
    expect(String(slack.attachment?.content)).toMatch(/^dark .*"group":"lab".*"label":"3389\/tcp ms-wbt-server"/);
    const principal = { ...ADMIN, key: 'console:local', platform: 'console' } as const;
    await lab.grant(principal.key, 'admin');
    expect(cardOf(await lab.run('host show 10.0.0.5', { principal })).attachment).toBeUndefined();
    expect(cardOf(await lab.run('host show 10.0.0.6')).attachment).toBeUndefined();
    expect(await say('host show 10.0.0.6')).toContain('lab: unseen (0), in its range, has never answered.');
    expect(await say('host show 10.9.0.1')).toContain('No group watches 10.9.0.1.');
    expect(await say('host show nas.lab.example')).toContain('is not an address');
  });

  it('of a group are listed by code; the unseen are counted', async () => {
    const added = await say('host list lab code:services-added');
    for (const part of ['services-added (3)', '10.0.0.5', '3389 RDP', 'nas.lab.example']) expect(added).toContain(part);
    expect(await say('host list lab code:down')).toContain('0 hosts down');
    expect(await say('host list lab code:unseen')).toContain('15 addresses unseen (0)');
  });

  it('are found by port, name and product over all groups', async () => {
    for (const filter of ['port:3389', 'name:ms-wbt-server', 'product:XRDP', 'port:3389 group:lab']) {
      expect(await say(`service find ${filter}`)).toContain('10.0.0.5');
    }
    expect(await say('service find port:23')).toContain('No host offers it.');
  });
});

describe('alert routes', () => {
  it('let through what they are configured for, and say so', async () => {
    await addGroup(lab);
    await say('alert route lab to:email:noc@example.com min-risk:high kinds:host-down,service-added');
    await say('alert route lab to:webhook:pager digest:"daily 08:00" tz:Europe/Berlin');
    const listed = await say('alert list lab');
    expect(listed).toContain('email:noc@example.com (only host-down, service-added; risk high and above)');
    expect(listed).toContain('webhook:pager (digest daily 08:00 Europe/Berlin)');
    await say('alert route lab to:email:noc@example.com min-grade:green');
    expect(await say('alert list lab')).toContain('email:noc@example.com (grade green and better)');
    expect(await say('alert route lab to:syslog')).toContain('syslog:main');
    expect(await say('alert route lab to:syslog digest:@daily')).toContain('takes no digest');
    expect(await say('alert route lab min-risk:high')).toContain('needs the place');
    expect(await say('alert route lab to:email:a@b@c')).toContain('not a channel');
    expect(await say('group edit lab channel:email:noc@example.com')).toContain('not a channel');
  });

  it('are added, listed, tested and removed', async () => {
    await addGroup(lab);
    expect(await say('alert route lab to:<#C0123|ops>')).toContain('#console:main, #slack:C0123');
    expect(await say('alert list')).toContain('lab #console:main, #slack:C0123');
    expect(await say('alert test lab')).toContain('On its way to #console:main, #slack:C0123');
    expect((await lab.deliver()).map((event) => event.card.title)).toEqual(['lab: a test']);
    expect(await say('alert route lab to:console:main')).toContain('go to console:main already');
    expect(await say('alert route lab to:slack:C0123')).toContain('go to slack:C0123 already');
    expect(await say('alert route lab remove:slack:C0123')).not.toContain('slack:C0123');
    expect(await say('alert route lab remove:slack:C0123')).toContain('is no further place of lab');
    expect(await say('alert route lab to:#ops')).toContain('“#ops” is not a channel.');
    // On the console any word could be a channel, but the name of a platform means that platform.
    for (const bare of ['slack', '#Discord', 'webhook']) {
      const principal = { ...ADMIN, platform: 'console' as const };
      const answer = textOf(await lab.run(`alert route lab to:${bare}`, { principal }));
      expect(answer).toContain(`“${bare}” is not a channel.`);
    }
  });
});

describe('roles', () => {
  it('are granted, listed and revoked', async () => {
    expect(await say('role grant <@U0BOB|bob> operator')).toContain('@slack:U0BOB is operator now.');
    await lab.run('role grant <!subteam^S0OPS|@ops> viewer');
    expect(await say('role list')).toMatch(
      /admin @slack:UADMIN by NETDELTA_ADMINS[\s\S]*operator @slack:U0BOB[\s\S]*viewer @slack:S0OPS/,
    );
    expect(await say('role revoke <@U0BOB>')).toContain('has no role any more');
    expect(await say('role revoke <@U0BOB>')).toContain('has no granted role');
    expect(await say('role revoke slack:UADMIN')).toContain('admin by NETDELTA_ADMINS');
  });
});

describe('deliveries that failed', () => {
  it('are listed with the reason and retried', async () => {
    const group = await addGroup(lab);
    await lab.tell(group, [newDelta()]);
    const [message] = await lab.store.messages.claim({ now: NOW, leaseMs: 1000, platforms: ['console'], limit: 1 });
    await lab.store.messages.failed(message?.id ?? 0, 'channel_not_found');
    expect(await say('delivery list')).toContain(`${message?.id} alert 1 to #console:main: failed`);
    expect(await say(`delivery resend ${message?.id}`)).toContain('It is tried again now.');
    expect(await say('delivery list')).toContain('1 message is on the way');
    expect((await lab.deliver()).map((event) => event.card.title)).toContain('Telnet opened on 10.0.0.5 (lab)');
  });
});

describe('audit list', () => {
  it('finds by time and by person, newest first', async () => {
    await lab.run('group list');
    await lab.run('group list', { principal: person('UEVE', 'eve') });
    lab.clock.now += 3_600_000;
    await lab.run('status');
    expect(await say('audit list reads:yes')).toMatch(/status[\s\S]*group list refused[\s\S]*group list ok/);
    expect(await say('audit list')).not.toContain('status');
    expect(await say('audit list who:slack:UEVE')).toContain('1 audit entry');
    for (const who of ['eve', '@Eve', 'UEVE', '@UEVE']) {
      expect(await say(`audit list who:${who}`)).toContain('1 audit entry');
    }
    expect(await say('audit list who:nobody')).toContain('0 audit entries');
    expect(await say('audit list since:30m')).not.toContain('group list');
  });
});

describe('help', () => {
  it('is one message: what to try, and every noun; and the options of one command', async () => {
    const all = await say('help');
    for (const part of ['group add home', 'delta list', 'mute: add, list, remove']) expect(all).toContain(part);
    expect(all.split('\n').length).toBeLessThan(40);
    expect(await say('help group')).toContain('group remove GROUP');
    const one = await say('help group add');
    const defaults = [
      'baseline: what stayed silent in all of them is alerted when it answers. Default: 3.',
      'Default: 24h/high.',
    ];
    for (const part of [...defaults, 'role operator', 'Required.', 'catch-up:', 'group add NAME TARGETS…'])
      expect(one).toContain(part);
    expect(await say('help gruop')).toContain('Did you mean group add?');
  });
});

describe('the home of a person', () => {
  it('shows role, status, open deltas with buttons, next runs', async () => {
    await lab.tell(await addGroup(lab), [newDelta()]);
    await lab.run('schedule add lab daily 13:00');
    const card = await lab.dispatcher.home(person('UADMIN', 'ada'));
    const text = cardText(card);
    for (const part of ['Your role: admin', '1 delta open', 'Telnet 23/tcp opened on 10.0.0.5', 'Next runs:'])
      expect(text).toContain(part);
    expect(text).not.toContain('Open deltas');
    expect(card.controls).toMatchObject([
      { label: 'Acknowledge #1', action: { type: 'delta-acknowledge', delta: 1 } },
      { label: 'Scan lab now', action: { type: 'run', command: 'scan now "lab"' } },
      { label: 'Add group', action: { type: 'run', command: 'group add' } },
      { label: 'Help', action: { type: 'run', command: 'help' } },
    ]);
  });

  it('shows a user without a role how to get one, and nothing else', async () => {
    await addGroup(lab, 'secret-lab', '10.0.0.0/30');
    expect(cardText(await lab.dispatcher.home(person('UEVE', 'eve')))).not.toContain('secret-lab');
  });
});

describe('waiting messages', () => {
  it('are not “delivered”: the list and the status show since when and why, and so does the route', async () => {
    await lab.close();
    lab = await openLab({ platforms: () => ['console'], channelsOf: async () => ['slack:C0OPS'] });
    const card = { title: 'A notice', tone: 'info' as const, sections: [], controls: [] };
    const subject = { type: 'notice' as const, card };
    await lab.store.messages.want({ subject, channel: 'slack:C0OPS', at: NOW - 600_000 });
    const list = await say('delivery list');
    expect(list).toContain('1 message waits');
    expect(list).toContain('A notice to #slack:C0OPS: waits since 2026-11-24 11:50 UTC: Slack is not connected here');
    expect(list).not.toContain('Everything was delivered');
    expect(await say('status')).toContain('1 message waits for #slack:C0OPS since 2026-11-24 11:50 UTC: Slack is not');
  });

  it('to an open console or a connected platform need no remark', async () => {
    await addGroup(lab);
    expect(await say('alert list')).not.toContain('waits');
    expect(await say('delivery list')).toContain('Everything was delivered');
  });
});
