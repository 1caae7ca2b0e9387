import type { Delta } from '../../core/model/alert.ts';
import type { Expectation, MaintenanceWindow, Mute } from '../../core/model/hold.ts';

export type HoldStore = {
  addMute(mute: Omit<Mute, 'id'>): Promise<Mute>;
  /** Not ended yet; expired ones stay until `endMute`. */
  mutes(): Promise<Mute[]>;
  endMute(id: number, at: number): Promise<boolean>;
  addWindow(window: Omit<MaintenanceWindow, 'id'>): Promise<MaintenanceWindow>;
  windows(groupId?: number): Promise<MaintenanceWindow[]>;
  toldWindow(id: number, until: number): Promise<void>;
  removeWindow(id: number): Promise<boolean>;
  addExpectation(expectation: Omit<Expectation, 'id'>): Promise<Expectation>;
  expectations(filter: { groupId?: number; status?: Expectation['status'] }): Promise<Expectation[]>;
  setExpectation(id: number, status: Expectation['status']): Promise<boolean>;
  /** Deltas held back with that reason since then. */
  heldBack(reason: string, since: number): Promise<Delta[]>;
};
