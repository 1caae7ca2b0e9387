/** For the browser: defines Discord's look as web components. */
import '@skyra/discord-components-core';
