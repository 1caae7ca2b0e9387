import type { ConfigurationChange } from '../../core/model/configuration.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';

export type ConfigurationStore = {
  /**
   * Applies all changes or none. Returns the ids of the groups, in order. Throws UserError when a name is taken or a
   * group is gone.
   */
  apply(change: ConfigurationChange, by: PrincipalKey, at: number): Promise<number[]>;
};
