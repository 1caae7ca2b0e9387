/** Discord's limits, with their documentation. */

/** https://discord.com/developers/docs/resources/message#create-message */
export const MAX_CONTENT = 2000;
/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
export const MAX_DESCRIPTION = 4096;
/** The total of all embeds of a message. */
export const MAX_EMBED_TEXT = 6000;
/** https://discord.com/developers/docs/components/reference#action-row */
export const MAX_ROWS = 5;
export const MAX_BUTTONS_IN_ROW = 5;
/** https://discord.com/developers/docs/components/reference#button */
export const MAX_BUTTON_LABEL = 80;
export const MAX_CUSTOM_ID = 100;
/** https://discord.com/developers/docs/components/reference#string-select */
export const MAX_SELECT_OPTIONS = 25;
export const MAX_SELECT_LABEL = 100;
export const MAX_PLACEHOLDER = 150;
/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal */
export const MAX_MODAL_FIELDS = 5;
export const MAX_MODAL_TITLE = 45;
/** https://discord.com/developers/docs/components/reference#label */
export const MAX_LABEL = 45;
export const MAX_LABEL_DESCRIPTION = 100;
/** https://discord.com/developers/docs/components/reference#text-input */
export const MAX_TEXT_INPUT = 4000;
/** https://discord.com/developers/docs/components/reference#file-upload */
export const MAX_FILES = 10;
/** https://discord.com/developers/docs/interactions/application-commands#application-command-object */
export const MAX_COMMAND_DESCRIPTION = 100;
export const MAX_OPTIONS = 25;
export const MAX_CHOICES = 25;
export const MAX_CHOICE = 100;
/** Discord refuses a command over 8,000 characters of names, descriptions and choices. */
export const MAX_COMMAND_TEXT = 7500;
/** https://discord.com/developers/docs/resources/channel#start-thread-from-message */
export const MAX_THREAD_NAME = 100;
/** Minutes; a thread is archived after a week of silence, the longest that Discord allows. */
export const ARCHIVE_AFTER = 10_080;
export const ARCHIVE_AFTER_FALLBACK = 1440;
/** For a server without boosts. https://discord.com/developers/docs/reference#uploading-files */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** https://discord.com/developers/docs/resources/message#get-channel-messages */
export const MAX_HISTORY_PAGE = 100;
