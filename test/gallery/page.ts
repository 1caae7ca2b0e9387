import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';

const from = createRequire(import.meta.url);

/** Pixels: the widest phone considered. */
const PHONE = 400;
/** Picture and edges, in px. A table that is wider than the rest scrolls sideways in Slack. */
const BESIDE_TABLE = 72;

/** The fonts that a browser without the platforms' own would choose. */
const BASE = `
  body { margin: 0; font-family: "DejaVu Sans", "Noto Color Emoji", sans-serif; }
  body { display: flex; flex-flow: row wrap; align-items: flex-start; }
  .scene { box-sizing: border-box; padding: 10px 12px 16px; border-bottom: 4px solid #8886; }
  .scene h2 { font: 12px monospace; color: #888; margin: 0 0 6px; overflow-wrap: anywhere; }
  .reply { margin-left: 14px; border-left: 2px solid #8884; padding-left: 8px; margin-top: 8px; }
  .push { font-size: 12px; background: #8882; border-radius: 8px; padding: 5px 8px; margin-bottom: 6px; overflow-wrap: anywhere; }
  .push::before { content: "push: "; color: #888; }
`;

const SLACK = `
  body { background: #fff; color: #1d1c1d; }
  .attachment { border-left: 4px solid; margin: 2px 0 0 44px; padding-left: 6px; }
  .attachment .shrink-0, .attachment .slack_blocks_to_jsx--header { display: none !important; }
  .modal { border: 1px solid #ccc; border-radius: 8px; padding: 8px 12px 14px; max-width: 520px; }
  .modal h3 { margin: 4px 0; } .submit { background: #007a5a; color: #fff; border-radius: 4px; padding: 5px 12px; }
`;

const DISCORD = `
  body { background: #313338; color: #dbdee1; font-size: 14px; }
  .time, .link { background: #4e50587a; border-radius: 3px; padding: 0 2px; } .link { color: #00a8fc; background: none; }
  .item { padding-left: 14px; text-indent: -10px; }
  .file { margin: 4px 0 0 70px; background: #2b2d31; display: inline-block; padding: 6px 10px; border-radius: 6px; }
  .discord-modal { background: #2b2d31; border-radius: 8px; padding: 12px 16px; max-width: 440px; }
  .discord-modal .label { font-weight: 600; margin-top: 10px; } .hint { font-size: 12px; color: #aaa; }
  .input { background: #1e1f22; border-radius: 4px; padding: 8px; margin-top: 4px; }
  .submit { background: #5865f2; border-radius: 4px; padding: 6px 14px; display: inline-block; margin-top: 12px; }
`;

/** On a phone Discord leaves 72 px for the picture and 16 px beside an embed; the elements only know desktops. */
const DISCORD_PHONE = `.scene { padding-left: 0; padding-right: 0; } discord-message { padding-right: 16px; } .reply { margin-left: 4px; padding-left: 0; }`;

/** Everything in one document: nothing is fetched. */
export async function page(platform: 'slack' | 'discord', width: number, scenes: string): Promise<string> {
  if (platform === 'slack') {
    const css = await readFile(from.resolve('slack-blocks-to-jsx').replace(/index\.m?js$/, 'style.css'), 'utf8');
    const table = `.scene table { display: block; overflow-x: auto; width: fit-content; max-width: ${width - BESIDE_TABLE}px; }`;
    return html(`${css}\n${BASE}${SLACK}.scene { width: ${width}px; } ${table}`, scenes, '');
  }
  const bundle = await build({
    entryPoints: [join(import.meta.dirname, 'discord-elements.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    minify: true,
    logLevel: 'silent',
  });
  return html(
    `${BASE}${DISCORD}.scene { width: ${width}px; }${width <= PHONE ? DISCORD_PHONE : ''}`,
    scenes,
    bundle.outputFiles[0]?.text ?? '',
  );
}

function html(css: string, body: string, script: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><style>${css}</style></head><body>${body}<script>${script.replaceAll('</script', '<\\/script')}</script></body></html>`;
}
