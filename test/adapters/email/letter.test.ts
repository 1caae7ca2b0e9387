import { describe, expect, it } from 'vitest';
import { mailOf } from '../../../adapters/email/mail.ts';
import type { Delta } from '../../../src/core/model/alert.ts';
import type { SinkEvent } from '../../../src/core/model/event.ts';
import { addresses } from '../../gallery/samples.ts';
import { ANSWERED, delta, drawNothing, OPENED, SCAN_DONE } from '../sink-samples.ts';

const OPTIONS = { from: 'netdelta@example.com', to: 'noc@example.com', drawReport: drawNothing };
const after = { present: true, identity: { name: 'ms-wbt-server', method: 'table', confidence: 3 } } as const;
const rdp = (address: string, index: number) => delta({ id: 100 + index, address, port: 3389, after });
const withDeltas = (event: SinkEvent, deltas: readonly Delta[]) => ({ ...event, deltas }) as SinkEvent;
const mailWith = async (deltas: readonly Delta[]) => await mailOf(withDeltas(OPENED, deltas), OPTIONS);

describe('a mail about the same change on many hosts', () => {
  const line = 'RDP 3389/tcp opened on 40 hosts: 10.2.0.1-40';

  it('has one line with their addresses as ranges, as text and as HTML', async () => {
    const { text, html } = await mailWith(addresses(40).map(rdp));
    expect(text.match(/3389\/tcp/g)).toHaveLength(1);
    expect(html.match(/3389\/tcp/g)).toHaveLength(1);
    expect(text).toContain(`* ${line}\n`);
    expect(html).toContain(`<div style="font-weight:600">${line}</div>`);
    for (const part of [text, html]) {
      expect(part).toContain('certain, risk high, deltas #100, #101, #102,');
      expect(part).toContain('#119 and 20 more');
      expect(part).toContain('open: syn-ack received');
    }
  });

  it('has it in an answer and in a digest, too', async () => {
    const deltas = addresses(40).map(rdp);
    const answered = withDeltas(ANSWERED, deltas);
    const { version, instance, at, group } = OPENED;
    const head = { version, instance, at, group };
    const digest: SinkEvent = { ...head, id: 'bot1-110', type: 'digest', since: at - 60_000, events: [answered] };
    for (const event of [answered, digest]) {
      const { text, html } = await mailOf(event, OPTIONS);
      expect(text).toContain(`* ${line}\n`);
      expect(html).toContain(`>${line}</div>`);
      expect(html.match(/3389\/tcp/g)).toHaveLength(1);
    }
  });

  it('names every host, however scattered they are', async () => {
    const odd = addresses(40).filter((_, index) => index % 2 === 0);
    const { text, html } = await mailWith(odd.map(rdp));
    for (const part of [text, html]) {
      expect(part).toContain('RDP 3389/tcp opened on 20 hosts: 10.2.0.1, 10.2.0.3, 10.2.0.5, 10.2.0.7 and 16 more');
      for (const address of odd) expect(part).toContain(address);
    }
  });

  it('has the evidence that all of them have, and different changes apart', async () => {
    const [one, other] = ['10.2.0.1', '10.2.0.2'].map(rdp);
    if (one === undefined || other === undefined) throw new Error('two deltas');
    const { text } = await mailWith([one, { ...other, evidence: ['open: syn-ack received'] }, delta({ id: 41 })]);
    expect(text).toContain('RDP 3389/tcp opened on 2 hosts: 10.2.0.1-2');
    expect(text.match(/was closed before/g)).toHaveLength(1);
    expect(text).toContain('Telnet 23/tcp opened on 10.0.0.5');
  });
});

describe('the ids in a mail', () => {
  it('are those that people see: of scan, alert and delta', async () => {
    const { text } = await mailWith([delta()]);
    expect(text).toContain('scan #7, alert #12');
    expect(text).toContain('risk high, delta #41');
    expect(text).not.toContain('#3');
    expect((await mailOf(SCAN_DONE, OPTIONS)).subject).toContain('scan #7 done');
  });
});

describe('the words of a mail', () => {
  it('say once who answered, then the note and what it is about', async () => {
    const answer = { type: 'acknowledged', by: 'slack:U1', byName: 'Ann', at: OPENED.at, note: 'a new printer' };
    const { text } = await mailOf({ ...ANSWERED, answer } as SinkEvent, OPTIONS);
    expect(text).toMatch(/^lab: 1 change acknowledged by Ann\n\nNote: a new printer\n\n\* Telnet 23\/tcp opened/);
  });

  it('say that more was added to an alert, and that a test arrived', async () => {
    const more = { ...OPENED, type: 'alert-changed' } as SinkEvent;
    expect((await mailOf(more, OPTIONS)).text).toMatch(/^lab: also \d services? added, risk high\n/);
    const { version, instance, at, group } = OPENED;
    const test: SinkEvent = { ...{ version, instance, at, group }, id: 'bot1-120', type: 'test', by: 'slack:U1' };
    expect((await mailOf(test, OPTIONS)).text).toContain('Alerts of lab arrive here.\n\n-- \nTested by slack:U1, ');
  });
});
