import type { Scene } from './scenes.ts';

export function answerScenes(): Scene[] {
  return [];
}
