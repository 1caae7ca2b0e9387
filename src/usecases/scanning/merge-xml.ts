/**
 * Joins the nmap documents of one scan's chunks into one that nmap's own tools can read: the first one's head, the
 * hosts of all, the last one's end. Truncated documents contribute the hosts they have.
 */
export function mergeXml(documents: readonly string[]): string {
  const [first = ''] = documents;
  const head = first.slice(0, firstHost(first));
  const tail = documents.findLast((document) => document.includes('<runstats'));
  const end = tail === undefined ? '</nmaprun>\n' : tail.slice(tail.lastIndexOf('<runstats'));
  return `${head}${documents.map(hostsOf).join('\n')}\n${end}`;
}

function firstHost(document: string): number {
  const found = document.search(/<host[\s>]|<runstats|<\/nmaprun>/);
  return found < 0 ? document.length : found;
}

function hostsOf(document: string): string {
  const end = document.lastIndexOf('</host>');
  const start = document.search(/<host[\s>]/);
  return end < 0 || start < 0 ? '' : document.slice(start, end + '</host>'.length);
}
