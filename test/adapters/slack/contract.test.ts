import { chatContract } from '../chat-contract.ts';
import { openSlackHarness } from './harness.ts';

chatContract('Slack', openSlackHarness);
