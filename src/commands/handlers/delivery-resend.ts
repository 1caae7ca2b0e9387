import { UserError } from '../../core/errors.ts';
import { command } from '../command.ts';

export const deliveryResend = command(
  {
    path: ['delivery', 'resend'],
    role: 'admin',
    summary: 'Try to deliver it again',
    options: [{ name: 'id', type: 'integer', description: 'Message', positional: true, required: true, min: 1 }],
    example: 'delivery resend 7',
    audience: 'private',
  },
  () => async () => {
    throw new UserError('Not built yet.');
  },
);
