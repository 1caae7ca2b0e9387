import sqlite3 from 'sqlite3';

/**
 * Sequelize takes the stack of each of SQLite's queries in advance, in case it fails, and Vitest finds the place in the
 * sources of each: a tenth of the time of a test with a database. So there these stacks are empty; the error itself is
 * the same.
 */
const DONE = Symbol.for('netdelta: queries without stacks');
const prototype = sqlite3.Database.prototype;
if (!Reflect.has(prototype, DONE)) {
  Reflect.set(prototype, DONE, true);
  const { serialize } = prototype;
  prototype.serialize = function (...given) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      serialize.apply(this, given);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}
