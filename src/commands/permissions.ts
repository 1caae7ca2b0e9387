import { includesRole, type Principal, type PrincipalKey, ROLES, type Role } from '../core/model/principal.ts';
import type { Deps } from './deps.ts';

export type Authority = Pick<Deps, 'admins' | 'store'>;

/**
 * The highest role by configuration, by grant to the user, or by grant to a group that the user is in. By default
 * nobody has one except the local console: anyone who can use it can read the database anyway.
 */
export async function roleOf({ admins, store }: Authority, principal: Principal): Promise<Role | undefined> {
  const keys = new Set([principal.key, ...principal.memberships]);
  if (principal.platform === 'console' || admins.some((admin) => keys.has(admin))) return 'admin';
  const held = (await store.roles.list()).filter((grant) => keys.has(grant.who)).map((grant) => grant.role);
  return ROLES.findLast((role) => held.includes(role));
}

/** The people with this role or a higher one: administrators by configuration first. */
export async function whoMay({ admins, store }: Authority, needed: Role): Promise<PrincipalKey[]> {
  const granted = (await store.roles.list()).filter((grant) => includesRole(grant.role, needed));
  return [...new Set([...admins, ...granted.map((grant) => grant.who)])];
}
