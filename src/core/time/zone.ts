import { UserError } from '../errors.ts';
import { cleanText, nearest } from '../text.ts';

/** Every zone that this machine's time zone data knows, for completion. */
export function zoneNames(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')];
}

/**
 * The IANA name in its official spelling; throws UserError with the closest one. An alias such as `Asia/Kolkata` keeps
 * its name.
 */
export function checkZone(text: string): string {
  const wanted = text.trim();
  const known = zoneNames().find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (known !== undefined) return known;
  if (/^[a-z][a-z0-9_+-]*(?:\/[a-z0-9_+-]+)*$/i.test(wanted) && isZone(wanted)) return wanted;
  const word = cleanText(text, 60);
  const meant = nearestZone(word);
  throw new UserError(`There is no time zone “${word}”.`, {
    word,
    hint: `${meant === undefined ? '' : `Did you mean \`${meant}\`? `}Expected a name of the IANA list, for example \`Europe/Zurich\` or \`UTC\`.`,
  });
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A bare city is enough: `zurich` is Europe/Zurich. */
function nearestZone(word: string): string | undefined {
  const names = zoneNames();
  const city = (name: string) => name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  const same = names.find((name) => city(name) === city(word).replaceAll(' ', '_'));
  if (same !== undefined) return same;
  const near = nearest(word, names);
  if (near !== undefined || word.includes('/')) return near;
  const nearCity = nearest(word.replaceAll(' ', '_'), names.map(city));
  return names.find((name) => city(name) === nearCity);
}
