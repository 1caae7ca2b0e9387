/** Mulberry32: small, seeded, the same everywhere. */
export function createRandom(seed: number) {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  };
  return { next, below, pick };
}
export type Random = ReturnType<typeof createRandom>;

/**
 * What breaks parsers: control characters, lone surrogates, names that every object inherits, edge-case numbers,
 * markup.
 */
const NASTY = [
  ...['\0', '\u001b[31m', '\u202e', '\ud800', '\udc00', '\u2028', '\ufeff', '＝', 'İ', '🟥', '<!channel>', '@everyone'],
  ...['constructor', '__proto__', 'toString', 'hasOwnProperty', 'prototype', 'null', 'undefined', 'NaN', '-0', '1e309'],
  ...['0', '-1', '65535', '65536', '4294967296', '9007199254740993', '00000000000000000001', '0x7f', '1_000'],
  ...['<', '>', '&', '"', "'", '`', '\\', '/', '--', '-oX', '-iL', '$(id)', ';', '|', '\n', '\r\n', '\t', ' ', '%s'],
  ...[
    '&#0;',
    '&amp;',
    '&#x10ffff;',
    '&lol;',
    '<!ENTITY',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<?xml',
    '</host>',
    '<task',
  ],
  ...[
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '10.0.0.1-',
    '2001:db8::/16',
    '8.8.8.8',
    '127.1',
    '0177.0.0.1',
    '@hourly',
    '* * *',
  ],
];

/** A piece of it, or something nasty, repeated to some 100 kB. */
export function grown(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const piece = random.below(2) === 0 ? random.pick(NASTY) : text.slice(at, at + 1 + random.below(60));
  return text.slice(0, at) + piece.repeat(Math.ceil(100_000 / Math.max(1, piece.length))) + text.slice(at);
}

/** One to eight changes: cut, doubled, swapped, replaced or inserted at random. */
export function mutated(text: string, random: Random): string {
  let result = text;
  for (let changes = 1 + random.below(8); changes > 0; changes--) result = changed(result, random);
  return result;
}

function changed(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const length = random.below(Math.min(200, text.length - at + 1));
  const [before, part, after] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)];
  switch (random.below(6)) {
    case 0:
      return before + after;
    case 1:
      return before + part.repeat(2 + random.below(20)) + after;
    case 2:
      return before + random.pick(NASTY) + after;
    case 3:
      return before + random.pick(NASTY).repeat(1 + random.below(50)) + after;
    case 4:
      return before + String.fromCharCode(random.below(0x10000)) + part + after;
    default:
      return before + part.split('').reverse().join('') + after;
  }
}
