export type Resolver = {
  /** All IPv4 and IPv6 addresses of a host name, canonical; empty when it has none. Throws when DNS itself fails. */
  resolve(name: string): Promise<readonly string[]>;
};
