import { defined } from '../../core/defined.ts';
import { UserError } from '../../core/errors.ts';
import { asDeltaKind, DELTA_KINDS } from '../../core/model/delta-kinds.ts';
import type { Group } from '../../core/model/group.ts';
import type { Mute, MuteMatch } from '../../core/model/hold.ts';
import { PROTOCOLS } from '../../core/model/observation.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import { formatEndpoint, parseWhere } from '../../core/network/endpoint.ts';
import { parseTargets } from '../../core/network/targets.ts';
import { cleanText, nearest } from '../../core/text.ts';
import type { Store } from '../../ports/store.ts';

export type MuteRequest = {
  what: string;
  match: MuteMatch;
  forMs: number;
  reason?: string;
  by: PrincipalKey;
  byName: string;
  now: number;
};

/** From now on matching deltas are recorded but not announced; the mute ends by itself. */
export async function addMute(store: Store, request: MuteRequest): Promise<Mute> {
  return await store.holds.addMute({
    what: request.what,
    match: request.match,
    from: request.now,
    until: request.now + request.forMs,
    ...defined({ reason: request.reason }),
    createdBy: request.by,
    byName: request.byName,
  });
}

/** Several, separated by commas or blanks. Throws UserError. */
export function parseMuteWords(text: string, groups: readonly Group[]): { what: string; match: MuteMatch }[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  return words.map((word) => parseMuteWhat(word, groups));
}

/** A group, an address, address:port/proto, a kind, or group/kind (or group/address). Throws UserError. */
export function parseMuteWhat(text: string, groups: readonly Group[]): { what: string; match: MuteMatch } {
  const alone = parseThing(text);
  const named = (name: string) => groups.find((group) => group.name.toLowerCase() === name.toLowerCase());
  const whole = named(text);
  if (alone !== undefined && whole !== undefined) throw ambiguous(whole);
  if (alone !== undefined) return alone;
  if (whole !== undefined) return { what: whole.name, match: { groupId: whole.id } };
  const slash = text.indexOf('/');
  const group = slash < 0 ? undefined : named(text.slice(0, slash));
  const thing = slash < 0 ? undefined : parseThing(text.slice(slash + 1));
  if (group !== undefined && thing !== undefined) {
    return { what: `${group.name}/${thing.what}`, match: { ...thing.match, groupId: group.id } };
  }
  throw unknown(text, group, groups);
}

/** A later version may add a kind with the name of an existing group; muting the wrong one would go unnoticed. */
function ambiguous({ name }: Group): UserError {
  return new UserError(`“${cleanText(name, 60)}” is the name of a group, and a kind of delta.`, {
    word: name,
    hint: `Use \`GROUP/${cleanText(name, 60)}\` for the kind in one group; to mute the group, give it another name first: \`group edit ${cleanText(name, 60)} name:NEW\`.`,
  });
}

function parseThing(text: string): { what: string; match: MuteMatch } | undefined {
  const kind = asDeltaKind(text.toLowerCase());
  if (kind !== undefined) return { what: kind, match: { kind } };
  const where = parseWhere(text);
  if (where === undefined) return parseWide(text);
  const { address, protocol = 'tcp', port } = where;
  if (port === undefined) return { what: address, match: { address } };
  return { what: formatEndpoint({ address, protocol, port }), match: { address, protocol, port } };
}

/** `10.0.0.0/24`, `10.0.0.0/24:22/tcp`, or `22/tcp` on every host. */
function parseWide(text: string): { what: string; match: MuteMatch } | undefined {
  const [, typed = '', typedPort, typedProtocol] = WIDE.exec(text) ?? [];
  if (typed === '' && typedProtocol === undefined) return undefined;
  const port = typedPort === undefined ? undefined : Number(typedPort);
  const protocol = PROTOCOLS.find((one) => one === typedProtocol?.toLowerCase()) ?? 'tcp';
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  const subnet = typed === '' ? undefined : parseTargets(typed)[0]?.text;
  const portWords = port === undefined ? '' : `${port}/${protocol}`;
  return {
    what: [subnet, portWords].filter((part) => part !== undefined && part !== '').join(':'),
    match: { ...defined({ subnet }), ...(port === undefined ? {} : { port, protocol }) },
  };
}

/** A prefix or a range of addresses, a port, or both. */
const WIDE = /^(?:([0-9a-f.:]+(?:\/\d{1,3}|-[0-9.]+)))?(?:(?:^|:)(\d{1,5})(?:\/(tcp|udp|sctp)))?$/i;

function unknown(text: string, group: Group | undefined, groups: readonly Group[]): UserError {
  const rest = group === undefined ? text : text.slice(text.indexOf('/') + 1);
  const word = cleanText(rest, 60);
  const meant = nearest(word, group === undefined ? [...groups.map((one) => one.name), ...DELTA_KINDS] : DELTA_KINDS);
  return new UserError(`“${word}” is neither a group nor an address nor a kind of delta.`, {
    word,
    hint: `${meant === undefined ? '' : `Did you mean \`${meant}\`? `}Expected a group, \`10.0.0.5\`, \`10.0.0.0/24\`, \`10.0.0.5:22/tcp\`, \`22/tcp\` on every host, a kind such as \`host-down\`, or \`GROUP/host-down\`.`,
  });
}
