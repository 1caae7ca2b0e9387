import type { Card } from '../../src/cards/card.ts';
import type { Form } from '../../src/cards/form.ts';
import { alertScenes } from './scenes-alert.ts';
import { answerScenes } from './scenes-answer.ts';
import { lifeScenes } from './scenes-life.ts';
import { scanScenes } from './scenes-scan.ts';

export type SceneMessage = {
  card: Card;
  /** Posted in the thread of the message before it. */
  reply?: true;
  /** The answer to a command: not pushed. */
  answer?: true;
};

/** What somebody sees at one moment. */
export type Scene = {
  name: string;
  messages: readonly SceneMessage[];
  form?: (platform: 'slack' | 'discord') => Form;
  home?: Card;
};

export function scenes(): Scene[] {
  return [...alertScenes(), ...lifeScenes(), ...scanScenes(), ...answerScenes()];
}
