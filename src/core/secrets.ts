/** The formats of tokens, by issuer; each match is replaced completely. */
const TOKENS: readonly RegExp[] = [
  // Slack: https://docs.slack.dev/authentication/tokens
  /\bxox[a-z]-[\w-]+|\bxapp-[\w-]+|\bxoxe\.[\w.-]+/gi,
  // Discord's bot tokens: id, time and signature in base64url.
  /[\w-]{23,30}\.[\w-]{6,7}\.[\w-]{27,}/g,
  // JSON Web Tokens.
  /(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  // NetDelta's site keys.
  /\bndk_[\w-]+/g,
  // AWS, Google, GitHub, GitLab, Stripe, Azure's account keys and npm, by the patterns of secret scanners.
  /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g,
  /\bAIza[\w-]{35}|\bya29\.[\w-]+/g,
  /\b(?:gh[pousr]_|github_pat_|glpat-|npm_)[\w-]{16,}/g,
  /\b[sr]k_(?:live|test)_\w{16,}/g,
  /\bAccountKey=[\w+/=]{20,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

const NAMED =
  /((?:password|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|authorization|credential)[\w-]{0,40}["']?\s{0,20}[=:]\s{0,20}["']?)(?:(?:bearer|basic|bot)\s+)?[^\s"',;&]+/gi;
const SCHEMES = /\b(bearer|basic|bot)\s+[\w+/=.~-]{8,}/gi;
const IN_URL = /(?<=[a-z0-9+.-])(:\/\/)[^\s/@]*@/gi;

const HIDDEN = '[secret]';

/** The same text without anything that looks like a token, a password or a key: for logs, the audit and errors. */
export function withoutSecrets(text: string): string {
  let clean = text;
  for (const token of TOKENS) clean = clean.replace(token, HIDDEN);
  return clean.replace(IN_URL, `$1${HIDDEN}@`).replace(NAMED, `$1${HIDDEN}`).replace(SCHEMES, `$1 ${HIDDEN}`);
}
