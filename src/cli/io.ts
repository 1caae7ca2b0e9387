/** Where a command of the program writes: one line per call, without its line end. */
export type Io = { stdout(line: string): void; stderr(line: string): void };

export const EXIT = { ok: 0, different: 1, wrongUse: 2 } as const;
