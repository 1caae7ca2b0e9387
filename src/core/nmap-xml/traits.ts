import type { OsGuess, ScriptResult } from '../model/observation.ts';
import { cleanText } from '../text.ts';
import { attribute, children, type XmlNode } from './fragment.ts';
import { IDENTITY_SCRIPT } from './identity-scripts.ts';

/** Scripts of a host whose results are kept; the rest would be an attack on memory. */
export const MAX_SCRIPTS = 64;
const MAX_OUTPUT = 300;
/** Cut to this length before invisible characters are removed. */
const MAX_RAW = 2_000;
const MAX_NAME = 120;

const SCRIPT = /^<script\s+id\s*=\s*("[^"]*"|'[^']*')(?:\s+output\s*=\s*("[^"]*"|'[^']*'))?/;

/** A script's tag with the beginning of its output, as an element of its own: results may be megabytes long. */
export function shortScript(tag: string): string {
  const [, id = '""', output = '""'] = SCRIPT.exec(tag) ?? [];
  if (output.length <= MAX_RAW) return `<script id=${id} output=${output}/>`;
  const quote = output.slice(0, 1);
  // Don't cut within an entity.
  return `<script id=${id} output=${output.slice(0, MAX_RAW).replace(/&[^;]{0,10}$/, '')}${quote}/>`;
}

/** The scripts of a `<port>` or a `<hostscript>`. */
export function scriptsOf(node: XmlNode, port?: ScriptResult['port']): ScriptResult[] {
  return children(node, 'script').flatMap((script) => {
    const id = cleanText(attribute(script, 'id') ?? '', MAX_NAME);
    const output = cleanText(attribute(script, 'output') ?? '', MAX_OUTPUT);
    if (id === '' || output === '' || IDENTITY_SCRIPT.test(` id="${id}"`)) return [];
    return [{ id, output, ...(port === undefined ? {} : { port }) }];
  });
}

/** nmap lists the best match first. */
export function osOf(node: XmlNode): OsGuess | undefined {
  const [match] = children(node, 'osmatch');
  const name = cleanText(match === undefined ? '' : (attribute(match, 'name') ?? ''), MAX_NAME);
  const accuracy = Number(match === undefined ? 0 : attribute(match, 'accuracy'));
  return name === '' || !(accuracy > 0) ? undefined : { name, accuracy: Math.min(100, accuracy) };
}
