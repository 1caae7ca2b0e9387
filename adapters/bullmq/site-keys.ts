import { createHmac, randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../src/core/errors.ts';

/** The key of a site's workers; it starts with `ndk_`, so that scanners for leaked secrets find it. */
export type SiteKeys = (site: string) => string;

const FILE = 'worker-secret';
const SECRET_BYTES = 32;

/** Each site's key is derived from the one secret and reveals nothing about it, or about another site's. */
export function siteKeys(secret: string): SiteKeys {
  return (site) => `ndk_${createHmac('sha256', secret).update(`site:${site}`).digest('base64url')}`;
}

/**
 * The secret from which all site keys are derived: created once, kept in the data directory, readable by this user
 * only. Never in the database, which others may read.
 */
export async function ownSecret(dataDir: string): Promise<string> {
  const known = await knownSecret(dataDir);
  if (known !== undefined) return known;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, FILE);
  const fresh = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(fresh, randomBytes(SECRET_BYTES).toString('base64url'), { mode: 0o600 });
  // Complete or not at all, and the first of two wins.
  await link(fresh, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(fresh);
  return (await knownSecret(dataDir)) ?? ownSecret(dataDir);
}

/** Undefined where no bot has run yet. */
export async function knownSecret(dataDir: string): Promise<string | undefined> {
  const path = join(dataDir, FILE);
  try {
    const secret = (await readFile(path, 'utf8')).trim();
    if (secret.length < SECRET_BYTES)
      throw new UserError(`${path} holds no secret`, { hint: 'remove it; a new one is made' });
    await chmod(path, 0o600);
    return secret;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
