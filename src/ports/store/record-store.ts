import type { Baseline, HostNote } from '../../core/model/record.ts';

/** Baselines and notes that people record. */
export type RecordStore = {
  addBaseline(baseline: Omit<Baseline, 'id'>): Promise<Baseline>;
  /** Oldest first. */
  baselines(groupId?: number): Promise<Baseline[]>;
  addNote(note: Omit<HostNote, 'id'>): Promise<HostNote>;
  /** On one address, on some, or on all; oldest first. */
  notes(address?: string | readonly string[]): Promise<HostNote[]>;
  removeNote(id: number): Promise<boolean>;
};
