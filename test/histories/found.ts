import type { Step } from './steps.ts';

const scan: Step = { do: 'scan', askAgain: true, stopped: false };
/** A port of a host that is up: 1 is open at first, the others are closed. */
const turn = (port: number): Step => ({ do: 'port', host: 0, port: port - 1 });
const wait: Step = { do: 'wait', hours: 3 };
/** `what`: one of `MUTES`. */
const mute = (what: number, hours = 1): Step => ({ do: 'mute', what, hours });
const answer = (how: Extract<Step, { do: 'answer' }>['how']): Step => ({ do: 'answer', how, which: 0 });
const undo: Step = { do: 'undo', which: 0 };

/** Histories in which the bot once reported something wrong, as short as possible. */
export const FOUND: readonly [name: string, history: readonly Step[]][] = [
  ['what was reported as open closes under a mute', [turn(2), scan, mute(0), turn(2), scan, wait]],
  ['what a mute let go closes later', [mute(0), turn(2), scan, wait, turn(2), scan]],
  ['a mute ends while a window is open', [mute(0), { do: 'window', hours: 8 }, turn(2), scan, wait]],
  ['what opened under a mute of openings alone closes', [mute(6, 8), turn(2), scan, turn(2), scan]],
  ['a port closes under a mute of closings, opens, and the mute ends', [mute(7), turn(1), scan, turn(1), scan, wait]],
  [
    'an opened port changes its version and closes',
    [turn(2), scan, { do: 'version', host: 0, port: 1 }, scan, scan, turn(2), scan],
  ],
  ['a planned opening is over when its answer is taken back', [turn(2), scan, answer('expected'), turn(2), scan, undo]],
  ['a false alarm comes again and its answer is taken back', [turn(1), scan, answer('false-alarm'), scan, undo]],
  [
    'a false alarm was one: the port answers, and the answer is taken back',
    [turn(1), scan, answer('false-alarm'), turn(1), scan, undo],
  ],
  [
    'a false alarm is doubted again when its answer is taken back, and the port opens',
    [
      ...[turn(1), scan, answer('false-alarm'), { do: 'scan', askAgain: false, stopped: false } as const],
      ...[undo, answer('expected'), turn(1), scan],
    ],
  ],
  [
    'a port opens, closes, and opens again as was announced',
    [turn(2), scan, turn(2), scan, { do: 'expect', host: 0, port: 1, lasts: 'once' }, turn(2), scan],
  ],
];
