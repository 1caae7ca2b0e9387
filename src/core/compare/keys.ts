import type { Certificate, HostKey } from '../model/observation.ts';

/**
 * Describes how a host key changed; undefined when it did not, or when that can't be decided. Keys are compared type by
 * type: an additional type beside the same key is no change, and neither is a type that was not shown this time.
 */
export function otherHostKey(
  before: readonly HostKey[] | undefined,
  after: readonly HostKey[] | undefined,
): string | undefined {
  if (before === undefined || after === undefined) return undefined;
  for (const { type, fingerprint } of before) {
    const now = type === undefined ? undefined : after.find((key) => key.type === type);
    if (now !== undefined && now.fingerprint !== fingerprint) {
      return `its ${type} host key ${fingerprint} became ${now.fingerprint}`;
    }
  }
  const shared = before.some(({ fingerprint }) => after.some((key) => key.fingerprint === fingerprint));
  const untyped = [...before, ...after].some(({ type }) => type === undefined);
  if (shared || !untyped) return undefined;
  return `its host key ${before[0]?.fingerprint ?? ''} became ${after[0]?.fingerprint ?? ''}`;
}

/** Describes what changed in a certificate. */
export function otherCertificate(before: Certificate | undefined, after: Certificate | undefined): string | undefined {
  if (before === undefined || after === undefined || before.fingerprint === after.fingerprint) return undefined;
  const parts = (['subject', 'issuer', 'key'] as const).flatMap((part) =>
    before[part] === after[part] ? [] : [`${part} ${before[part] ?? 'unknown'} became ${after[part] ?? 'unknown'}`],
  );
  const renewed = parts.length === 0 ? ['the same subject, issuer and kind of key'] : parts;
  const expires = after.expiresAt === undefined ? [] : [`expires ${day(after.expiresAt)}`];
  return ['another certificate', ...renewed, ...expires].join(', ');
}

/** Whether both certificates name the same subject and issuer, which is most likely a renewal. */
export function isRenewal(before: Certificate, after: Certificate): boolean {
  return before.subject !== undefined && before.subject === after.subject && before.issuer === after.issuer;
}

function day(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}
