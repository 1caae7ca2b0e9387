import { includesRole, type Principal, type PrincipalKey, ROLES, type Role } from '../core/model/principal.ts';
import type { Deps } from './deps.ts';

export type Authority = Pick<Deps, 'admins' | 'store'>;

/**
 * The highest role by configuration, by grant to the user, or by grant to a group that the user is in.
 * Nobody has one by default, but for the local console: whoever types there can read the database anyway.
 */
export async function roleOf({ admins, store }: Authority, principal: Principal): Promise<Role | undefined> {
  const keys = new Set([principal.key, ...principal.memberships]);
  if (principal.platform === 'console' || admins.some((admin) => keys.has(admin))) return 'admin';
  const held = (await store.roles.list()).filter((grant) => keys.has(grant.who)).map((grant) => grant.role);
  return ROLES.findLast((role) => held.includes(role));
}

/** Who may do what needs this role: administrators by configuration first. */
export async function whoMay({ admins, store }: Authority, needed: Role): Promise<PrincipalKey[]> {
  const granted = (await store.roles.list()).filter((grant) => includesRole(grant.role, needed));
  return [...new Set([...admins, ...granted.map((grant) => grant.who)])];
}
