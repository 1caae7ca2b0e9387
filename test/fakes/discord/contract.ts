import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** Discord's own description of its interface; it is stored beside the repository, so it may be absent. */
const CONTRACT = new URL('../../../../shared/contracts/discord-openapi.json', import.meta.url);

export const hasContract = existsSync(CONTRACT);

export type Contract = {
  /** The errors of a body according to Discord's description; empty when it is valid. */
  complaints(method: string, path: string, body: unknown): string[];
};

type Operation = { requestBody?: { content?: Record<string, unknown> } };
type Document = { paths: Record<string, Record<string, Operation>> };

const NUMBERS = ['int32', 'int64', 'double'];
const TEXTS = ['nonce', 'snowflake'];

/** Compiling takes a while, so all servers of a test file share one. */
const shared: { contract?: Contract } = {};

export function openContract(): Contract {
  shared.contract ??= hasContract ? readContract() : { complaints: () => [] };
  return shared.contract;
}

function readContract(): Contract {
  const document: Document = JSON.parse(readFileSync(CONTRACT, 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  for (const name of NUMBERS) ajv.addFormat(name, { type: 'number', validate: () => true });
  for (const name of TEXTS) ajv.addFormat(name, true);
  ajv.addFormat('uri', (text) => URL.canParse(text));
  ajv.addFormat('date-time', (text) => !Number.isNaN(Date.parse(text)));
  ajv.addSchema(document, 'discord');
  const templates = Object.keys(document.paths).map((template) => ({
    template,
    pattern: new RegExp(`^${template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`),
  }));
  const validators = new Map<string, ValidateFunction | undefined>();

  function validatorOf(template: string, method: string): ValidateFunction | undefined {
    const key = `${method} ${template}`;
    if (!validators.has(key)) {
      const pointer = template
        .replaceAll('~', '~0')
        .replaceAll('/', '~1')
        .replaceAll('{', '%7B')
        .replaceAll('}', '%7D');
      const schema = `discord#/paths/${pointer}/${method}/requestBody/content/application~1json/schema`;
      validators.set(key, ajv.getSchema(schema));
    }
    return validators.get(key);
  }

  return {
    complaints(method, path, body) {
      const verb = method.toLowerCase();
      // The longer template without parameters wins: `@original` before `{message_id}`.
      const matching = templates.filter(
        ({ template, pattern }) => pattern.test(path) && document.paths[template]?.[verb],
      );
      const [best] = matching.sort((a, b) => placeholders(a.template) - placeholders(b.template));
      if (best === undefined) return [`${method} ${path} is not in Discord's description`];
      if (document.paths[best.template]?.[verb]?.requestBody === undefined) return [];
      const validate = validatorOf(best.template, verb);
      if (validate === undefined) return [`no schema for ${method} ${best.template}`];
      if (validate(body)) return [];
      return [`${method} ${best.template}: ${ajv.errorsText(validate.errors)}`];
    },
  };
}

function placeholders(template: string): number {
  return template.split('{').length;
}
