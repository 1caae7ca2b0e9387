import type { Target } from '../target.ts';
import { DATABASE } from './database.ts';
import { SCAN_RESULTS } from './scan-results.ts';
import { WIRE } from './wire.ts';
import { WORDS } from './words.ts';

export const TARGETS: readonly Target[] = [...SCAN_RESULTS, DATABASE, ...WORDS, ...WIRE];
