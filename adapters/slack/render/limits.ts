/** Slack's documented limits; characters are counted as UTF-16 units, which is never fewer than Slack counts. */

/** https://docs.slack.dev/reference/block-kit/blocks */
export const MAX_MESSAGE_BLOCKS = 50;
export const MAX_VIEW_BLOCKS = 100;
/** https://docs.slack.dev/reference/block-kit/blocks/header-block */
export const MAX_HEADER = 150;
/** https://docs.slack.dev/reference/block-kit/blocks/context-block */
export const MAX_CONTEXT_ELEMENTS = 10;
/** https://docs.slack.dev/reference/block-kit/blocks/actions-block */
export const MAX_ACTION_ELEMENTS = 25;
/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
export const MAX_BUTTON_TEXT = 75;
export const MAX_BUTTON_VALUE = 2000;
/** https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
export const MAX_OPTION_TEXT = 75;
export const MAX_OPTION_VALUE = 150;
/** https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element */
export const MAX_OVERFLOW_OPTIONS = 5;
/** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
export const MAX_SELECT_OPTIONS = 100;
export const MAX_PLACEHOLDER = 150;
/** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
export const MAX_CONFIRM_TITLE = 100;
export const MAX_CONFIRM_TEXT = 300;
export const MAX_CONFIRM_BUTTON = 30;
/** https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element */
export const MAX_INPUT = 3000;
/** https://docs.slack.dev/reference/block-kit/blocks/input-block */
export const MAX_LABEL = 2000;
/** https://docs.slack.dev/reference/block-kit/block-elements/file-input-element */
export const MAX_FILES = 10;
/** https://docs.slack.dev/reference/views/modal-views */
export const MAX_VIEW_TITLE = 24;
export const MAX_PRIVATE_METADATA = 3000;
/** https://docs.slack.dev/reference/block-kit/blocks/table-block: one table a message, in messages only. */
export const MAX_TABLE_ROWS = 100;
/** https://docs.slack.dev/reference/methods/chat.postMessage recommends 4,000 for `text`. */
export const MAX_FALLBACK_TEXT = 4000;

/**
 * Undocumented: blocks of about 13,200 characters as JSON are refused with `msg_blocks_too_long`
 * (https://github.com/slackapi/bolt-js/issues/2509, /2867). What exactly Slack counts is unknown, so this counts the
 * bytes of the whole JSON and keeps a distance.
 */
export const MESSAGE_BUDGET = 12_000;
/** Views are refused above 250 kB (`view_too_large`); nobody reads that much. */
export const VIEW_BUDGET = 40_000;

/** https://docs.slack.dev/apis/web-api/rate-limits: about one message a second per channel, with short bursts. */
export const CHANNEL_PACE_MS = 1100;
export const CHANNEL_BURST = 3;
/** https://docs.slack.dev/interactivity/handling-user-interaction: an acknowledgement must come within 3 s. */
export const ACK_WITHIN_MS = 2_400;
