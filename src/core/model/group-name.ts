import { UserError } from '../errors.ts';
import { canonicalAddress } from '../network/addresses.ts';
import { cleanText } from '../text.ts';
import { DELTA_KINDS } from './delta-kinds.ts';
import { MAX_GROUP_NAME } from './group.ts';

const HINT = `Use up to ${MAX_GROUP_NAME} letters, digits, \`-\`, \`_\` and \`.\`, beginning with a letter or digit, for example \`office-lan\`.`;

/**
 * The name of a group in its canonical spelling. It must not look like an address, a kind of delta or a word of the
 * grammar.
 */
export function checkGroupName(text: string): string {
  const name = text.trim().normalize('NFC');
  const word = cleanText(name, 40);
  const length = Array.from(name).length;
  if (length > MAX_GROUP_NAME) {
    throw new UserError(`A group name of ${length} characters is too long.`, { word, hint: HINT });
  }
  if (!/^[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]*$/u.test(name)) {
    throw new UserError(`“${word}” cannot be the name of a group.`, { word, hint: HINT });
  }
  const taken = [...DELTA_KINDS, 'none', 'all'].includes(name.toLowerCase()) || canonicalAddress(name) !== undefined;
  if (!taken) return name;
  throw new UserError(`“${word}” means something else already.`, {
    word,
    hint: 'Take a name that is neither an address nor a kind of delta.',
  });
}
