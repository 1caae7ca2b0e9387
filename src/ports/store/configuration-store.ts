import type { GroupChange } from '../../core/model/configuration.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';

export type ConfigurationStore = {
  /** All of it or nothing. Returns the ids of the groups, in order. Throws UserError when a name is taken or a group is gone. */
  apply(changes: readonly GroupChange[], by: PrincipalKey, at: number): Promise<number[]>;
};
