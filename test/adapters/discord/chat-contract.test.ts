// In one process with Slack, as most teams run it: Bolt's undici then serves discord.js too.
import '@slack/bolt';
import { chatContract } from '../chat-contract.ts';
import { openDiscordHarness } from './chat-harness.ts';

chatContract('Discord', openDiscordHarness);
