import type { Scene } from './scenes.ts';

export function scanScenes(): Scene[] {
  return [];
}
