/**
 * The second-lowest bit of a MAC's first octet: the address was made up, by a phone that hides its own or by a
 * hypervisor.
 */
const LOCALLY_ADMINISTERED = 0b10;

export function isLocallyAdministered(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & LOCALLY_ADMINISTERED) !== 0;
}

/**
 * Evidence that another machine answers for an address. MACs are only seen on layer 2, so a missing one proves nothing.
 * Made-up ones change by themselves, so a change from one to another is ignored.
 */
export function compareMac(before: string | undefined, after: string | undefined): string[] | undefined {
  if (before === undefined || after === undefined || before === after) return undefined;
  if (isLocallyAdministered(before) && isLocallyAdministered(after)) return undefined;
  const made = [before, after].find(isLocallyAdministered);
  return [
    `${before} became ${after}`,
    made === undefined ? 'another network card answers for this address' : `${made} is a made-up address`,
  ];
}
