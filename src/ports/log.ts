type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** Structured log lines; no secrets, no message bodies. */
export type Log = { debug: Write; info: Write; warn: Write; error: Write };
