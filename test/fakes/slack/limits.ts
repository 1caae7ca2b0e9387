/**
 * Slack's documented limits, written down a second time on purpose: a mistake in the adapter's own constants must not
 * go unnoticed. Sources: docs.slack.dev/reference/block-kit/{blocks,block-elements,composition-objects},
 * /reference/views, /messaging/message-metadata, /interactivity/handling-user-interaction.
 */
export const BLOCKS = { message: 50, modal: 100, home: 100 } as const;
export const TEXT_OBJECT = 3000;
export const HEADER_TEXT = 150;
export const SECTION_FIELDS = 10;
export const SECTION_FIELD_TEXT = 2000;
export const CONTEXT_ELEMENTS = 10;
export const ACTIONS_ELEMENTS = 25;
export const ID = 255;
export const BUTTON_TEXT = 75;
export const BUTTON_VALUE = 2000;
export const OPTION_TEXT = 75;
export const OPTION_VALUE = 150;
export const OVERFLOW_OPTIONS = 5;
export const SELECT_OPTIONS = 100;
export const CHECKBOX_OPTIONS = 10;
export const PLACEHOLDER = 150;
export const INPUT_TEXT = 2000;
export const INPUT_LENGTH = 3000;
export const CONFIRM = { title: 100, text: 300, button: 30 } as const;
export const VIEW_TITLE = 24;
export const PRIVATE_METADATA = 3000;
export const IMAGE_ALT = 2000;
export const TABLE = { rows: 100, cells: 20 } as const;
/** Undocumented: github.com/slackapi/bolt-js/issues/2509 and /2867. */
export const MESSAGE_JSON = 13_200;
export const MESSAGE_TEXT = 40_000;
export const TRIGGER_MS = 3000;
export const ACK_MS = 3000;
export const RESPONSE_URL_USES = 5;
export const RESPONSE_URL_MS = 30 * 60_000;
export const FILE_BYTES = 1_000_000_000;
