/**
 * Every place that NetDelta can reach, one row each: configuration, references in commands, routes, `doctor` and the
 * README's table derive from it. A `chat` shows cards and takes commands; a `sink` receives events and answers nothing.
 */
export type Platform = {
  /** As people write it. */
  label: string;
  kind: 'chat' | 'sink';
  /** The part after `name:` for a place where messages go; it can also be typed without the name. */
  place: RegExp;
  placeExample: string;
  /** The same for people and groups of people; chats only. */
  who?: RegExp;
  whoExample?: string;
  /** People that the platform can write to directly, so that they are places too. */
  person?: RegExp;
  /** A word for the only place there is: `syslog` for `syslog:main`. */
  only?: string;
  /** The configuration keys that connect it, as text; absent where it needs none. */
  needs?: string;
  /** What it does, for the README's table. */
  does: string;
  /** `all` events, or only the `alerts` that a person should read: no successful scans. Sinks only. */
  events?: 'all' | 'alerts';
};

/**
 * Local part and domain; anything else a mailbox may contain (quotes, comments, blanks) is refused. At most 150
 * characters.
 */
const MAILBOX = /^(?=.{3,150}$)[A-Za-z0-9_][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]*@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

export const PLATFORMS = {
  console: {
    label: 'console',
    kind: 'chat',
    place: /^[a-z0-9][a-z0-9._-]{0,63}$/i,
    placeExample: 'console:main',
    who: /^[a-z0-9][a-z0-9._-]{0,63}$/i,
    whoExample: 'console:local',
    does: 'the chat on this terminal',
  },
  // Ids by their first letter: https://api.slack.com/reference/surfaces/formatting
  slack: {
    label: 'Slack',
    kind: 'chat',
    place: /^[CGD][A-Z0-9]{1,30}$/,
    placeExample: 'slack:C0123456',
    who: /^[UWS][A-Z0-9]{1,30}$/,
    whoExample: 'slack:U0123456',
    person: /^[UW]/,
    needs: 'SLACK_BOT_TOKEN and SLACK_APP_TOKEN',
    does: 'alerts as threads with buttons',
  },
  discord: {
    label: 'Discord',
    kind: 'chat',
    place: /^\d{5,25}$/,
    placeExample: 'discord:80351110224678912',
    who: /^\d{5,25}$/,
    whoExample: 'discord:80351110224678912',
    needs: 'DISCORD_TOKEN',
    does: 'alerts as threads with buttons',
  },
  email: {
    label: 'email',
    kind: 'sink',
    place: MAILBOX,
    placeExample: 'email:noc@example.com',
    needs: 'SMTP_URL and NETDELTA_MAIL_FROM',
    does: 'a mail per event, one thread per alert',
    events: 'alerts',
  },
  syslog: {
    label: 'syslog',
    kind: 'sink',
    place: /^main$/,
    placeExample: 'syslog:main',
    only: 'main',
    needs: 'SYSLOG_URL',
    does: 'a line of RFC 5424 per delta, answer and scan, as JSON in ECS fields or as CEF',
    events: 'all',
  },
  webhook: {
    label: 'webhook',
    kind: 'sink',
    place: NAME,
    placeExample: 'webhook:pager',
    needs: 'WEBHOOK_NAME_URL',
    does: 'a signed JSON request per event',
    events: 'all',
  },
  file: {
    label: 'file',
    kind: 'sink',
    place: NAME,
    placeExample: 'file:events',
    does: 'one JSON event a line, appended to `events/NAME.jsonl` in the data directory',
    events: 'all',
  },
} as const satisfies Readonly<Record<string, Platform>>;

type Names<Kind extends Platform['kind']> = {
  [Name in keyof typeof PLATFORMS]: (typeof PLATFORMS)[Name]['kind'] extends Kind ? Name : never;
}[keyof typeof PLATFORMS];

/** Platforms on which people type commands. */
export type PlatformName = Names<'chat'>;
export type SinkName = Names<'sink'>;
export type PlaceName = PlatformName | SinkName;

const isName = (text: string): text is PlaceName => Object.hasOwn(PLATFORMS, text);

export const PLACE_NAMES: readonly PlaceName[] = Object.keys(PLATFORMS).filter(isName);
export const CHAT_NAMES: readonly PlatformName[] = PLACE_NAMES.filter(isChatName);

export function platform(name: PlaceName): Platform {
  return PLATFORMS[name];
}

/** The settings that connect a place: `WEBHOOK_PAGER_URL` for `webhook:pager`. */
export function neededFor(name: PlaceName, place: string): string | undefined {
  return platform(name).needs?.replace('_NAME_', `_${place.toUpperCase().replaceAll('-', '_')}_`);
}

export function isChatName(name: PlaceName): name is PlatformName {
  return platform(name).kind === 'chat';
}

/** The platform of `platform:id`; undefined for an unknown name. */
export function platformOf(ref: string): PlaceName | undefined {
  const name = ref.slice(0, Math.max(0, ref.indexOf(':')));
  return isName(name) ? name : undefined;
}

/** The part after the platform's name. */
export function idOf(ref: string): string {
  return ref.slice(ref.indexOf(':') + 1);
}

export function isSink(ref: string): boolean {
  const name = platformOf(ref);
  return name !== undefined && !isChatName(name);
}

/** Whether it begins like a key of a chat, in any case: `Slack:U0123`. */
export function namesPlatform(text: string): boolean {
  return CHAT_NAMES.some((name) => text.slice(0, name.length + 1).toLowerCase() === `${name}:`);
}

/** Whether this is `platform:id` of a place where messages go, with a valid id. */
export function isPlace(ref: string, names: readonly PlaceName[] = PLACE_NAMES): boolean {
  const name = platformOf(ref);
  return name !== undefined && names.includes(name) && platform(name).place.test(idOf(ref));
}

/** Whether this is `platform:id` of a person or a group of people, with a valid id. */
export function isWho(ref: string): boolean {
  const name = platformOf(ref);
  return name !== undefined && (platform(name).who?.test(idOf(ref)) ?? false);
}

/** A person who can be sent messages directly. */
export function isPersonalPlace(ref: string): boolean {
  const name = platformOf(ref);
  return name !== undefined && (platform(name).person?.test(idOf(ref)) ?? false);
}

/** One example of each, for messages that say what was expected. */
export function placeExamples(names: readonly PlaceName[]): string[] {
  return names.map((name) => platform(name).placeExample);
}
