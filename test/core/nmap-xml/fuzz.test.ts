import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amount } from '../../thorough.ts';
import { fixture, readPieces } from './documents.ts';

const FILES = ['base.xml', 'privileged.xml', 'wrap_drop.xml', 'timedout.xml'].map(fixture);
const PIECES = [
  '<',
  '>',
  '"',
  '&',
  '<task',
  '<?xml ',
  '<nmaprun',
  '</host>',
  '<host>',
  ']]>',
  '<!--',
  '\u0000',
  '<![CDATA[',
];

const mutation = fc.record({
  at: fc.nat(20_000),
  remove: fc.nat(60),
  insert: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 8 })),
});

describe('a real document that was tampered with', () => {
  it('never makes the reader throw, and its borders never change what is read', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FILES),
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 700 }),
        (file, mutations, size) => {
          let bytes: Buffer = file;
          for (const { at, remove, insert } of mutations) {
            const place = at % bytes.length;
            bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from(insert), bytes.subarray(place + remove)]);
          }
          const whole = readPieces([bytes]);
          const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
            bytes.subarray(index * size, (index + 1) * size),
          );
          expect(readPieces(pieces).hosts).toEqual(whole.hosts);
          if (whole.header === undefined) expect(whole.end.error).toBeTypeOf('string');
        },
      ),
      { numRuns: amount(40, 300) },
    );
  });
});
