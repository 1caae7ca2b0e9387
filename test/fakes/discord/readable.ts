/** Discord's markdown as the person in front of it sees it. */
export type Readable = { text: string; links: string[]; mentions: string[] };

type Rule = { pattern: RegExp; show(match: RegExpExecArray, into: Readable): void };

/** The first rule that matches at the position wins, as in Discord's own parser. */
const RULES: readonly Rule[] = [
  { pattern: /^```(?:[a-z0-9_+-]*\n)?([\s\S]*?)\n?```/i, show: ([, code = ''], into) => add(into, code) },
  { pattern: /^\\([^0-9A-Za-z\s])/, show: ([, char = ''], into) => add(into, char) },
  {
    pattern: /^(`+)([\s\S]*?[^`])\1(?!`)/,
    show: ([, , code = ''], into) => add(into, code.replace(/^ (?= *`)|(` *) $/g, '$1')),
  },
  { pattern: /^<(https?:\/\/[^\s>]+)>/, show: ([, url = ''], into) => link(into, url, url) },
  {
    pattern: /^\[((?:[^\]\\]|\\.)+)\]\(<?([a-z]+:\/\/[^\s)>]+)>?\)/i,
    show: ([, label = '', url = ''], into) => link(into, url, label),
  },
  { pattern: /^(?:https?|steam|discord):\/\/[^\s<>]+/, show: ([url], into) => link(into, url, url) },
  { pattern: /^discord(?:\.gg|(?:app)?\.com\/invite)\/\w+/i, show: ([url], into) => link(into, url, url) },
  { pattern: /^<@!?([0-9]+)>/, show: ([, id = ''], into) => mention(into, id, `@${id}`) },
  { pattern: /^<@&([0-9]+)>/, show: ([, id = ''], into) => mention(into, id, `@role-${id}`) },
  { pattern: /^<#([0-9]+)>/, show: ([, id = ''], into) => mention(into, id, `#${id}`) },
  { pattern: /^@(everyone|here)\b/, show: ([, all = ''], into) => mention(into, all, `@${all}`) },
  {
    pattern: /^<t:(-?[0-9]+)(?::[tTdDfFR])?>/,
    show: ([, at = '0'], into) => add(into, new Date(Number(at) * 1000).toISOString()),
  },
  { pattern: /^<a?:(\w+):[0-9]+>/, show: ([, name = ''], into) => add(into, `(emoji ${name})`) },
  { pattern: /^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/, show: ([, inner = ''], into) => walk(inner, into) },
  { pattern: /^__((?:\\[\s\S]|[^\\])+?)__(?!_)/, show: ([, inner = ''], into) => walk(inner, into) },
  { pattern: /^~~((?:\\[\s\S]|[^\\])+?)~~/, show: ([, inner = ''], into) => walk(inner, into) },
  { pattern: /^\|\|((?:\\[\s\S]|[^\\])+?)\|\|/, show: (_, into) => add(into, '(spoiler)') },
  { pattern: /^\*(?=\S)((?:\\[\s\S]|\*\*|[^\\*])+?)\*(?!\*)/, show: ([, inner = ''], into) => walk(inner, into) },
  { pattern: /^_((?:\\[\s\S]|[^\\_])+?)_(?![\w_])/, show: ([, inner = ''], into) => walk(inner, into) },
];

/** Marks at the beginning of a line that change its appearance. */
const LINE_START = /^(\s*)(?:#{1,3}\s+|-#\s+|>{1,3}\s+|[*-]\s+|[0-9]+\.\s+)/;

export function readable(markdown: string): Readable {
  const into: Readable = { text: '', links: [], mentions: [] };
  walk(markdown, into);
  return { ...into, text: into.text.replace(/\u200b/g, '') };
}

function walk(markdown: string, into: Readable): void {
  let rest = markdown;
  let atStart = true;
  while (rest !== '') {
    if (atStart) rest = rest.replace(LINE_START, '$1');
    const [rule, match] = matching(rest);
    const taken = match?.[0] ?? rest.slice(0, 1);
    if (rule === undefined || match === undefined) add(into, taken);
    else rule.show(match, into);
    atStart = taken.endsWith('\n');
    rest = rest.slice(taken.length);
  }
}

function matching(rest: string): [Rule, RegExpExecArray] | [undefined, undefined] {
  for (const rule of RULES) {
    const match = rule.pattern.exec(rest);
    if (match !== null) return [rule, match];
  }
  return [undefined, undefined];
}

function add(into: Readable, text: string): void {
  into.text += text;
}

function link(into: Readable, url: string, label: string): void {
  into.links.push(url);
  into.text += label;
}

function mention(into: Readable, id: string, text: string): void {
  into.mentions.push(id);
  into.text += text;
}
