import { discordFormHtml, discordHtml } from './render-discord.ts';
import { slackFormHtml, slackHomeHtml, slackHtml } from './render-slack.ts';
import type { Scene } from './scenes.ts';

export function sceneHtml(scene: Scene, platform: 'slack' | 'discord'): string {
  const slack = platform === 'slack';
  if (scene.form !== undefined)
    return slack ? slackFormHtml(scene.form('slack')) : discordFormHtml(scene.form('discord'));
  if (scene.home !== undefined) return slack ? slackHomeHtml(scene.home) : '(Slack alone has a Home)';
  return scene.messages
    .map(({ card, reply, answer }) => {
      const html = slack ? slackHtml(card, answer !== true) : discordHtml(card, answer !== true);
      return reply === true ? `<div class="reply">${html}</div>` : html;
    })
    .join('');
}
