/** The first version whose XML lists the ports of condensed states. */
const LISTS_PORTS = [7, 92] as const;

/** What an older nmap costs, and what to do; undefined if it costs nothing, or its version can't be read. */
export function costOfAge(nmapVersion: string): { says: string; fix: string } | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(nmapVersion) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const [first, second] = LISTS_PORTS;
  if (Number(major) > first || (Number(major) === first && Number(minor) >= second)) return undefined;
  return {
    says: 'it writes how many ports are closed or filtered, not which: on a host with both, a service that closes is reported some scans later, as likely',
    fix: `Install nmap ${first}.${second} or later, for example from the backports of the distribution.`,
  };
}
