/** The scopes of the bot's token, and what does not work without each. The manifest asks for the same. */
export const SCOPES: Readonly<Record<string, string>> = {
  commands: 'the /netdelta command does not exist',
  'chat:write': 'nothing can be posted',
  'chat:write.public': 'public channels need an invitation before anything can be posted there',
  'files:read': 'scans can’t be imported in Slack',
  'files:write': 'long lists are cut, their files missing',
  'channels:history': 'a message whose answer was lost in a public channel cannot be found again',
  'groups:history': 'a message whose answer was lost in a private channel cannot be found again',
  'im:history': 'a direct message whose answer was lost cannot be found again',
  'im:write': 'admins get no direct messages',
  'users:read': 'people are shown by their ids',
  'usergroups:read': 'roles granted to user groups have no effect',
};

export function missingScopes(granted: readonly string[]): string[] {
  return Object.keys(SCOPES).filter((scope) => !granted.includes(scope));
}
