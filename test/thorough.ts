/** Whether this is `npm run test:long`, which also takes the everyday files that ask here, with more inputs. */
const THOROUGH = process.env['NETDELTA_THOROUGH'] === 'yes';

/** How many inputs a test takes: enough to see a break every day, and many in `npm run test:long`. */
export const amount = (everyday: number, thorough: number): number => (THOROUGH ? thorough : everyday);
