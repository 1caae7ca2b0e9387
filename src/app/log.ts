export { createLog } from '../../adapters/log/pino.ts';
