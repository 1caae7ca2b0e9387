import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);

/** A copy of the sources, so that nothing that runs at the same time sees the planted file. */
async function copyOfTheProgram(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'netdelta-deps-'));
  for (const part of ['src', 'adapters', 'migrations', 'tsconfig.json', 'package.json', '.dependency-cruiser.cjs']) {
    await cp(part, join(copy, part), { recursive: true });
  }
  await symlink(resolve('node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Exit code and output of the dependency check, as `npm run deps` runs it. */
async function checkDependencies(cwd: string): Promise<{ code: number; output: string }> {
  const args = ['--config', '.dependency-cruiser.cjs', 'src', 'adapters', 'migrations'];
  try {
    const { stdout } = await run(resolve('node_modules/.bin/depcruise'), args, { cwd });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, output: stdout };
  }
}

/** By the rule that each must break. */
const PLANTED = {
  'core-is-pure': "export * from '../../usecases/keyed-mutex.ts';\n",
  'no-sdk-outside-adapters': "export { Queue } from 'bullmq';\n",
  'core-has-no-io': "export { readFileSync } from 'node:fs';\n",
  'only-app-knows-adapters': "export * from '../../../adapters/log/pino.ts';\n",
};

describe('the direction of dependencies', () => {
  let copy: string | undefined;
  afterEach(async () => {
    if (copy !== undefined) await rm(copy, { recursive: true, force: true });
    copy = undefined;
  });

  it('fails on each violation that is planted, and on nothing else of the whole program', async () => {
    copy = await copyOfTheProgram();
    await mkdir(join(copy, 'src/core/planted'));
    for (const [rule, code] of Object.entries(PLANTED))
      await writeFile(join(copy, `src/core/planted/${rule}.ts`), code);
    const { code, output } = await checkDependencies(copy);
    expect(code).not.toBe(0);
    const found = Object.keys(PLANTED).filter((rule) => output.includes(`${rule}: src/core/planted/${rule}.ts`));
    expect(found, output).toEqual(Object.keys(PLANTED));
    const elsewhere = output
      .split('\n')
      .filter((line) => /^ *error /.test(line) && !line.includes(': src/core/planted/'));
    expect(elsewhere).toEqual([]);
    expect(Number(/(\d+) modules,/.exec(output)?.[1] ?? 0)).toBeGreaterThan(150);
  });
});

/** One for each option that a compiler could silently ignore. */
const WRONG = {
  TS2322: "export const port: number = '22';\n",
  TS7006: 'export const first = (hosts) => hosts;\n',
  TS18048: 'export const size = (hosts: string[]) => { const [host] = hosts; return host.length; };\n',
  TS2375: 'export const mute: { reason?: string } = { reason: undefined };\n',
};

/** The errors of a compiler, by file. */
async function refused(compiler: string, cwd: string): Promise<string[]> {
  const check = run(process.execPath, [resolve(compiler), '--noEmit', '-p', '.'], { cwd });
  const output = await check.then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
  return [...output.matchAll(/^(\w+\.ts)\(\d+,\d+\): error (TS\d+)/gm)]
    .map(([, file, code]) => `${file} ${code}`)
    .sort();
}

describe('the types', () => {
  it('are checked alike by TypeScript 6 and 7: both refuse the planted errors', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'netdelta-types-'));
    try {
      const config = {
        extends: resolve('tsconfig.json'),
        include: ['*.ts'],
        compilerOptions: { rootDir: '.', types: [] },
      };
      await writeFile(join(copy, 'tsconfig.json'), JSON.stringify(config));
      await writeFile(join(copy, 'package.json'), '{ "type": "module" }');
      for (const [code, text] of Object.entries(WRONG)) await writeFile(join(copy, `${code}.ts`), text);
      const wanted = Object.keys(WRONG)
        .map((code) => `${code}.ts ${code}`)
        .sort();
      expect(await refused('node_modules/typescript/bin/tsc', copy)).toEqual(wanted);
      expect(await refused('node_modules/typescript-7/bin/tsc', copy)).toEqual(wanted);
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  });
});
