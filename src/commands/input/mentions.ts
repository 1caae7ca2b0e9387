/** Slack ids by their first letter; https://api.slack.com/reference/surfaces/formatting */
const SLACK_CHANNEL = /<#([CGD][A-Z0-9]{1,30})(?:\|[^<>]*)?>/g;
const SLACK_USER = /<@([UW][A-Z0-9]{1,30})(?:\|[^<>]*)?>/g;
const SLACK_USER_GROUP = /<!subteam\^(S[A-Z0-9]{1,30})(?:\|[^<>]*)?>/g;
/** What Slack turns host names and addresses into when they look like links. */
const SLACK_LINK = /<(?:(?:https?|ftp):\/\/|mailto:|tel:)[^<>|\s]*\|([^<>]*)>/g;
const SLACK_BARE_LINK = /<((?:https?|ftp):\/\/[^<>|\s]*)>/g;
/** https://docs.discord.com/developers/reference#message-formatting */
const DISCORD_CHANNEL = /<#(\d{5,25})>/g;
const DISCORD_WHO = /<@[!&]?(\d{5,25})>/g;

/** Platforms' own spellings of channels, people and links as plain words: `slack:C0123`, `discord:803…`, `10.0.0.1`. */
export function plainMentions(text: string): string {
  return text
    .replace(SLACK_CHANNEL, 'slack:$1')
    .replace(SLACK_USER, 'slack:$1')
    .replace(SLACK_USER_GROUP, 'slack:$1')
    .replace(DISCORD_CHANNEL, 'discord:$1')
    .replace(DISCORD_WHO, 'discord:$1')
    .replace(SLACK_LINK, '$1')
    .replace(SLACK_BARE_LINK, '$1');
}
