import { XMLParser } from 'fast-xml-parser';
import { decodeText } from './text.ts';

/** An element: attributes as `@name`, children by their names. */
export type XmlNode = { readonly [key: string]: unknown };

/** Elements that may occur more than once. */
const LISTS: ReadonlySet<string> = new Set([
  'address',
  'hostname',
  'port',
  'extraports',
  'extrareasons',
  'script',
  'table',
  'elem',
  'ports',
  'osmatch',
]);

export type FragmentParser = (xml: string) => XmlNode;

/**
 * Parses small, well-bounded pieces. fast-xml-parser has no reader for documents that arrive in pieces (its `parse`
 * takes the whole document), so the pieces are cut out first. Its own handling of entities is off: `decodeText` knows
 * XML's five entities and the numeric ones, and no others exist.
 */
export function createFragmentParser(): FragmentParser {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    ignorePiTags: true,
    jPath: false,
    isArray: (name) => LISTS.has(name),
    attributeValueProcessor: (_, value) => decodeText(value),
    tagValueProcessor: (_, value) => decodeText(value),
  });
  return (xml) => {
    const parsed: unknown = parser.parse(xml);
    return isNode(parsed) ? parsed : {};
  };
}

export function attribute(node: XmlNode, name: string): string | undefined {
  const value = node[`@${name}`];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Children of that name; one without attributes and children counts as empty. */
export function children(node: XmlNode, name: string): XmlNode[] {
  const value = node[name];
  const list: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.map((item) => (isNode(item) ? item : { '#text': item }));
}

export function child(node: XmlNode, name: string): XmlNode | undefined {
  return children(node, name)[0];
}

export function textOf(node: XmlNode): string {
  const text = node['#text'];
  return typeof text === 'string' ? text : '';
}

function isNode(value: unknown): value is XmlNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
