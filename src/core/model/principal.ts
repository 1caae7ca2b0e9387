import type { PlatformName } from '../platforms.ts';

/** Each role includes the ones before it. */
export const ROLES = ['viewer', 'acknowledger', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export type { PlatformName };

/** `platform:id`, e.g. `slack:U0123`, `discord:80351110224678912`, `console:local`. */
export type PrincipalKey = string;

/** `platform:id` of a place where messages go, e.g. `slack:C0123`, `console:main`. */
export type ChannelRef = string;

export type Principal = {
  key: PrincipalKey;
  platform: PlatformName;
  /** As the platform shows it; untrusted text. */
  name: string;
  /** Keys of the Slack user groups (`slack:S…`) or Discord roles (`discord:…`) that the caller is in. */
  memberships: readonly PrincipalKey[];
};

export function includesRole(held: Role | undefined, needed: Role): boolean {
  return held !== undefined && ROLES.indexOf(held) >= ROLES.indexOf(needed);
}
