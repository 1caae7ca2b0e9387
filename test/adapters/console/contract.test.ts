import { PassThrough } from 'node:stream';
import { createConsoleChat } from '../../../adapters/console/console-chat.ts';
import { chatContract, type Harness } from '../chat-contract.ts';

type Event = {
  event: 'message' | 'update' | 'file';
  id: string;
  thread?: string;
  channel: string;
  text: string;
  buttons: { id: string; label: string }[];
  name?: string;
  content?: string;
};

async function openConsole(): Promise<Harness> {
  const out = new PassThrough();
  const events: Event[] = [];
  out.on('data', (data: Buffer) => {
    for (const line of data.toString().trimEnd().split('\n')) events.push(JSON.parse(line) as Event);
  });
  const { chat } = createConsoleChat({ out, json: true, isTTY: false, columns: () => 80, noColor: true });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    chat,
    channel: 'console:main',
    faults: [],
    fault: () => undefined,
    async read({ id }) {
      await settled();
      const latest = events.findLast((event) => event.id === id && event.event !== 'file');
      if (latest === undefined) return undefined;
      return {
        text: latest.text,
        buttons: latest.buttons.map((button) => ({ label: button.label, actionId: button.id })),
        ...(latest.thread === undefined ? {} : { thread: latest.thread }),
        files: events
          .filter((event) => event.event === 'file' && event.thread === (latest.thread ?? id))
          .map((event) => ({ name: event.name ?? '', content: event.content ?? '' })),
        pings: [],
        links: [],
      };
    },
    async count(channel) {
      await settled();
      return events.filter((event) => event.event === 'message' && event.channel === channel).length;
    },
    close: async () => undefined,
  };
}

chatContract('The console', openConsole);
