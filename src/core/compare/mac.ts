/** The second-lowest bit of a MAC's first octet: it was made up, by a telephone that hides its own or by a hypervisor. */
const LOCALLY_ADMINISTERED = 0b10;

export function isLocallyAdministered(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & LOCALLY_ADMINISTERED) !== 0;
}

/**
 * Evidence that another machine answers for an address. MACs are seen on layer 2 only: one that is missing says nothing.
 * Made-up ones change by themselves, so from one to another of them is no change.
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
