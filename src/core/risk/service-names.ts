import { lookUp } from '../look-up.ts';
import type { DeltaSide } from '../model/delta.ts';
import type { Protocol, ServiceIdentity } from '../model/observation.ts';

/** nmap's service names (https://svn.nmap.org/nmap/nmap-services) as people call them. */
const NAMES: Readonly<Record<string, string>> = {
  ftp: 'FTP',
  ftps: 'FTPS',
  ssh: 'SSH',
  telnet: 'Telnet',
  telnets: 'Telnet',
  smtp: 'SMTP',
  smtps: 'SMTP',
  submission: 'SMTP',
  domain: 'DNS',
  tftp: 'TFTP',
  http: 'HTTP',
  https: 'HTTPS',
  pop3: 'POP3',
  pop3s: 'POP3',
  rpcbind: 'RPC',
  msrpc: 'RPC',
  ntp: 'NTP',
  'netbios-ssn': 'NetBIOS',
  'netbios-ns': 'NetBIOS',
  imap: 'IMAP',
  imaps: 'IMAP',
  snmp: 'SNMP',
  ldap: 'LDAP',
  ldapssl: 'LDAP',
  ldaps: 'LDAP',
  'microsoft-ds': 'SMB',
  'asf-rmcp': 'IPMI',
  rsync: 'rsync',
  'ms-sql-s': 'SQL Server',
  'oracle-tns': 'Oracle',
  mqtt: 'MQTT',
  nfs: 'NFS',
  docker: 'Docker',
  mysql: 'MySQL',
  'ms-wbt-server': 'RDP',
  postgresql: 'PostgreSQL',
  amqp: 'AMQP',
  vnc: 'VNC',
  wsman: 'WinRM',
  x11: 'X11',
  redis: 'Redis',
  kubernetes: 'Kubernetes',
  elasticsearch: 'Elasticsearch',
  memcache: 'Memcached',
  memcached: 'Memcached',
  mongod: 'MongoDB',
  mongodb: 'MongoDB',
  modbus: 'Modbus',
};

/** What usually answers on a port. By `port/protocol`. */
const USUAL: Readonly<Record<string, string>> = {
  '21/tcp': 'FTP',
  '22/tcp': 'SSH',
  '23/tcp': 'Telnet',
  '25/tcp': 'SMTP',
  '53/tcp': 'DNS',
  '53/udp': 'DNS',
  '69/udp': 'TFTP',
  '80/tcp': 'HTTP',
  '110/tcp': 'POP3',
  '111/tcp': 'RPC',
  '123/udp': 'NTP',
  '135/tcp': 'RPC',
  '137/udp': 'NetBIOS',
  '139/tcp': 'NetBIOS',
  '143/tcp': 'IMAP',
  '161/udp': 'SNMP',
  '389/tcp': 'LDAP',
  '443/tcp': 'HTTPS',
  '445/tcp': 'SMB',
  '465/tcp': 'SMTP',
  '587/tcp': 'SMTP',
  '623/udp': 'IPMI',
  '636/tcp': 'LDAP',
  '873/tcp': 'rsync',
  '993/tcp': 'IMAP',
  '995/tcp': 'POP3',
  '1433/tcp': 'SQL Server',
  '1521/tcp': 'Oracle',
  '1883/tcp': 'MQTT',
  '2049/tcp': 'NFS',
  '2375/tcp': 'Docker',
  '2376/tcp': 'Docker',
  '3306/tcp': 'MySQL',
  '3389/tcp': 'RDP',
  '3389/udp': 'RDP',
  '5432/tcp': 'PostgreSQL',
  '5672/tcp': 'AMQP',
  '5900/tcp': 'VNC',
  '5985/tcp': 'WinRM',
  '5986/tcp': 'WinRM',
  '6000/tcp': 'X11',
  '6379/tcp': 'Redis',
  '6443/tcp': 'Kubernetes',
  '9200/tcp': 'Elasticsearch',
  '10250/tcp': 'Kubernetes',
  '11211/tcp': 'Memcached',
  '27017/tcp': 'MongoDB',
  '502/tcp': 'Modbus',
};

type Endpoint = { protocol?: Protocol | undefined; port?: number | undefined };

/**
 * The common name of a service: from its answer, otherwise from its port. `usual`: the port alone implies it. Undefined
 * for a port about which nothing is known.
 */
export function commonName(where: Endpoint, side: DeltaSide | undefined): { name: string; usual: boolean } | undefined {
  const usual = where.port === undefined ? undefined : USUAL[`${where.port}/${where.protocol ?? 'tcp'}`];
  const said = saysItself(side?.identity) ? nameOf(side.identity) : undefined;
  const name = said === undefined || contradictsNothing(said, usual) ? usual : said;
  return name === undefined ? undefined : { name, usual: name === usual };
}

/** A probe was answered with something that names a service. */
export function saysItself(identity: ServiceIdentity | undefined): identity is ServiceIdentity {
  return identity?.method === 'probed' && !NAMELESS.includes(identity.name.toLowerCase());
}

/** nmap's words for a port that answered without identifying itself. */
const NAMELESS: readonly string[] = ['unknown', 'tcpwrapped', 'ssl', ''];

function nameOf({ name, tunnel }: ServiceIdentity): string {
  const known = lookUp(NAMES, name.toLowerCase());
  return known === 'HTTP' && tunnel === 'ssl' ? 'HTTPS' : (known ?? name);
}

/** Kubernetes, Elasticsearch and the like speak HTTP, so an HTTP answer there does not contradict them. */
function contradictsNothing(said: string, usual: string | undefined): boolean {
  return said.startsWith('HTTP') && usual !== undefined && OVER_HTTP.includes(usual);
}

const OVER_HTTP: readonly string[] = ['HTTP', 'HTTPS', 'Docker', 'WinRM', 'Kubernetes', 'Elasticsearch'];
