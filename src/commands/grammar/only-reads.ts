import { UserError } from '../../core/errors.ts';
import { parseCommand } from '../input/parser.ts';
import { commandDescriptions } from './all-commands.ts';

/**
 * Whether a typed command changes nothing, like everything that a viewer may do, and like a mistake: if NetDelta ends
 * before it has answered, nothing is lost.
 */
export function onlyReads(text: string): boolean {
  try {
    const { role } = parseCommand(text, commandDescriptions).definition;
    return role === 'anyone' || role === 'viewer';
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}
