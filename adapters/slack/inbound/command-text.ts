/**
 * The text typed after the slash command. Slack sends `&`, `<` and `>` as entities; its own tokens (`<#C…|name>`,
 * `<@U…>`, `<!subteam^S…>`, links) stay, because the grammar knows them. Phones turn straight quotes into curly ones
 * and `--` into a dash; blanks may be non-breaking.
 */
export function typedText(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/[\u201c\u201d\u201e\u201f\u00ab\u00bb]/g, '"')
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
    .trim();
}
