import { describe, expect, it } from 'vitest';
import { checkContent, checkView, Refusal } from '../../fakes/slack/check.ts';

function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'taken';
}

const message = (blocks: unknown, more: Record<string, unknown> = {}) =>
  refusalOf(() => checkContent({ text: 'x', blocks, ...more }));
const plain = (text: string) => ({ type: 'plain_text', text });
const button = (action_id: string, more: Record<string, unknown> = {}) => ({
  type: 'button',
  action_id,
  text: plain('b'),
  ...more,
});

describe('the local Slack refuses what Slack refuses', () => {
  it.each([
    ['an unknown block type', [{ type: 'heading', text: plain('x') }]],
    ['a property that is not there', [{ type: 'divider', color: 'red' }]],
    ['mrkdwn in a header', [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }]],
    ['a header of 151 characters', [{ type: 'header', text: plain('x'.repeat(151)) }]],
    ['an empty text', [{ type: 'section', text: plain('') }]],
    ['a section of 3,001 characters', [{ type: 'section', text: plain('x'.repeat(3001)) }]],
    ['a section without anything', [{ type: 'section' }]],
    ['11 context elements', [{ type: 'context', elements: Array(11).fill(plain('x')) }]],
    ['26 buttons in a row', [{ type: 'actions', elements: Array.from({ length: 26 }, (_, id) => button(`b${id}`)) }]],
    ['the same action_id twice in a block', [{ type: 'actions', elements: [button('a'), button('a')] }]],
    [
      'the same block_id twice',
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
    ],
    ['a button value of 2,001 characters', [{ type: 'actions', elements: [button('a', { value: 'x'.repeat(2001) })] }]],
    ['an unknown button style', [{ type: 'actions', elements: [button('a', { style: 'default' })] }]],
    ['51 blocks', Array(51).fill({ type: 'divider' })],
    [
      'an empty rich text',
      [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: '' }] }] }],
    ],
  ])('%s', (_what, blocks) => {
    expect(message(blocks)).toBe('invalid_blocks');
  });

  it('a message without any text', () => {
    expect(refusalOf(() => checkContent({}))).toBe('no_text');
  });

  it('more than about 13,200 characters in all', () => {
    const section = { type: 'section', text: plain('x'.repeat(2900)) };
    expect(message(Array(4).fill(section))).toBe('taken');
    expect(message(Array(5).fill(section))).toBe('msg_blocks_too_long');
  });

  it('a modal with inputs and no submit, a title of 25 characters, and metadata of 3,001', () => {
    const input = { type: 'input', label: plain('l'), element: { type: 'plain_text_input', action_id: 'a' } };
    const modal = { type: 'modal', title: plain('t'), submit: plain('s'), blocks: [input] };
    const view = (more: Record<string, unknown>) => refusalOf(() => checkView({ ...modal, ...more }, 'modal'));
    expect(view({})).toBe('taken');
    expect(view({ submit: undefined })).toBe('invalid_arguments');
    expect(view({ title: plain('x'.repeat(25)) })).toBe('invalid_arguments');
    expect(view({ private_metadata: 'x'.repeat(3001) })).toBe('invalid_arguments');
  });
});
