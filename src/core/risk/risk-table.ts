import type { Risk } from '../model/scales.ts';

/** The risk when a well-known service opens, and (for those that people depend on) when it is gone. */
export type RiskyService = { opened: Risk; hint: string; lost?: string };

const TELNET: RiskyService = { opened: 'high', hint: 'telnet: log-in and password cross the network in clear text' };
const FTP: RiskyService = { opened: 'medium', hint: 'FTP: password and files cross the network in clear text' };
const RSH: RiskyService = { opened: 'high', hint: 'r-services: remote log-in without real authentication' };
const SSH: RiskyService = { opened: 'low', hint: 'SSH: remote log-in', lost: 'the way in for its administrators' };
const SMTP: RiskyService = {
  opened: 'medium',
  hint: 'mail server: an open relay sends spam in your name',
  lost: 'a mail server went silent',
};
const DNS: RiskyService = {
  opened: 'medium',
  hint: 'name server: an open resolver is used in attacks',
  lost: 'a name server went silent',
};
const WEB: RiskyService = { opened: 'low', hint: 'web server', lost: 'a web server went silent' };
const WEB_ALT: RiskyService = {
  opened: 'medium',
  hint: 'web server on an unusual port: often an admin page',
  lost: 'a web server went silent',
};
const SNMP: RiskyService = { opened: 'high', hint: 'SNMP: often readable by anyone with the password “public”' };
const RPC: RiskyService = { opened: 'medium', hint: 'RPC port mapper: lists what else runs on the host' };
const NETBIOS: RiskyService = { opened: 'medium', hint: 'NetBIOS: names and shares of Windows hosts' };
const SMB: RiskyService = { opened: 'high', hint: 'Windows file sharing (SMB): the way most worms spread' };
const LDAP: RiskyService = {
  opened: 'medium',
  hint: 'directory (LDAP): users and groups',
  lost: 'a directory went silent: log-ins may fail',
};
const NFS: RiskyService = { opened: 'high', hint: 'file sharing (NFS): trusts what the client says it is' };
const RDP: RiskyService = { opened: 'high', hint: 'Remote Desktop: the most attacked service of Windows' };
const VNC: RiskyService = { opened: 'high', hint: 'VNC: the screen, often with a weak password or none' };
const X11: RiskyService = { opened: 'high', hint: 'X11: anybody who connects can see the screen and type' };
const WINRM: RiskyService = { opened: 'high', hint: 'remote management of Windows (WinRM)' };
const DATABASE: RiskyService = {
  opened: 'high',
  hint: 'database: should be reached by its application only',
  lost: 'a database went silent',
};
const OPEN_STORE: RiskyService = {
  opened: 'high',
  hint: 'data store that asks for no password by default',
  lost: 'a data store went silent',
};
const CONTAINERS: RiskyService = {
  opened: 'critical',
  hint: 'container control (Docker, kubelet): anybody who reaches it owns the host',
};
const CLUSTER: RiskyService = {
  opened: 'high',
  hint: 'control of a cluster',
  lost: 'the control of a cluster went silent',
};
const IPMI: RiskyService = { opened: 'high', hint: 'out-of-band management: hands out password hashes by design' };
const SHELL: RiskyService = { opened: 'critical', hint: 'a port known from remote shells and back doors' };
const PROXY: RiskyService = { opened: 'high', hint: 'proxy: lets others act from this address' };
const PRINTER: RiskyService = { opened: 'low', hint: 'printer' };
const DEBUG: RiskyService = { opened: 'critical', hint: 'debugger: runs any code that it is sent' };
const BROKER: RiskyService = {
  opened: 'medium',
  hint: 'message broker, often without a password',
  lost: 'a message broker went silent',
};
const VPN: RiskyService = { opened: 'medium', hint: 'VPN entrance', lost: 'a VPN entrance went silent' };
const CONTROL: RiskyService = { opened: 'critical', hint: 'industrial control: obeys anybody who connects' };
const AMPLIFIER: RiskyService = {
  opened: 'medium',
  hint: 'answers that are larger than questions: used to flood others',
};

/** By `port/protocol`. */
export const RISKY_PORTS: Readonly<Record<string, RiskyService>> = {
  ...ports('tcp', SSH, 22),
  ...ports('tcp', FTP, 20, 21),
  ...ports('tcp', TELNET, 23, 2323),
  ...ports('tcp', SMTP, 25, 465, 587),
  ...ports('tcp', DNS, 53),
  ...ports('udp', DNS, 53),
  ...ports('tcp', WEB, 80, 443),
  ...ports('tcp', WEB_ALT, 8000, 8008, 8080, 8081, 8443, 8888, 9090, 10000),
  ...ports('udp', WEB, 443),
  ...ports('udp', AMPLIFIER, 17, 19, 69, 123, 1900, 3702, 5353),
  ...ports('udp', SNMP, 161, 162),
  ...ports('tcp', RPC, 111, 135),
  ...ports('tcp', NETBIOS, 137, 139),
  ...ports('udp', NETBIOS, 137, 138),
  ...ports('tcp', SMB, 445),
  ...ports('tcp', LDAP, 389, 636, 3268, 3269),
  ...ports('tcp', RSH, 512, 513, 514),
  ...ports('tcp', PRINTER, 515, 631, 9100),
  ...ports('udp', IPMI, 623),
  ...ports('tcp', OPEN_STORE, 873, 2379, 2380, 5984, 6379, 8086, 9200, 9300, 11211, 27017, 27018, 28017),
  ...ports('udp', OPEN_STORE, 11211),
  ...ports('tcp', PROXY, 1080, 3128, 9050),
  ...ports('tcp', DATABASE, 1433, 1521, 3050, 3306, 5432, 9042, 50000),
  ...ports('udp', DATABASE, 1434),
  ...ports('udp', VPN, 500, 1194, 4500, 51820),
  ...ports('tcp', VPN, 1194, 1723),
  ...ports('tcp', BROKER, 1883, 5672, 9092, 61616),
  ...ports('tcp', NFS, 2049),
  ...ports('tcp', CONTAINERS, 2375, 2376, 10250, 10255),
  ...ports('tcp', CLUSTER, 6443, 8500, 9000),
  ...ports('tcp', RDP, 3389),
  ...ports('udp', RDP, 3389),
  ...ports('tcp', SHELL, 1337, 4444, 4445, 5555, 6666, 6667, 12345, 31337),
  ...ports('tcp', VNC, 5800, 5900, 5901, 5902, 5903),
  ...ports('tcp', WINRM, 5985, 5986),
  ...ports('tcp', X11, 6000, 6001),
  ...ports('tcp', DEBUG, 5005, 9229),
  ...ports('tcp', CONTROL, 102, 502, 1911, 20000, 44818, 47808),
  ...ports('udp', CONTROL, 47808),
};

/** By nmap's service name, where a probe was answered. */
export const RISKY_SERVICES: Readonly<Record<string, RiskyService>> = {
  telnet: TELNET,
  ftp: FTP,
  login: RSH,
  exec: RSH,
  shell: RSH,
  bindshell: SHELL,
  metasploit: SHELL,
  ssh: SSH,
  smtp: SMTP,
  domain: DNS,
  'microsoft-ds': SMB,
  'netbios-ssn': SMB,
  ldap: LDAP,
  snmp: SNMP,
  nfs: NFS,
  'ms-wbt-server': RDP,
  vnc: VNC,
  x11: X11,
  mysql: DATABASE,
  postgresql: DATABASE,
  'ms-sql-s': DATABASE,
  'oracle-tns': DATABASE,
  redis: OPEN_STORE,
  mongodb: OPEN_STORE,
  mongod: OPEN_STORE,
  memcached: OPEN_STORE,
  memcache: OPEN_STORE,
  elasticsearch: OPEN_STORE,
  rsync: OPEN_STORE,
  docker: CONTAINERS,
  kubernetes: CLUSTER,
  socks5: PROXY,
  'socks-proxy': PROXY,
  'asf-rmcp': IPMI,
  http: WEB_ALT,
  https: WEB_ALT,
  jdwp: DEBUG,
  modbus: CONTROL,
  mqtt: BROKER,
};

/** These speak HTTP, so an HTTP answer on one of their ports does not contradict them. */
const OVER_HTTP: readonly RiskyService[] = [
  WEB,
  WEB_ALT,
  CONTAINERS,
  CLUSTER,
  OPEN_STORE,
  WINRM,
  PRINTER,
  PROXY,
  DEBUG,
];

export function speaksHttp(service: RiskyService): boolean {
  return OVER_HTTP.includes(service);
}

function ports(protocol: 'tcp' | 'udp', service: RiskyService, ...numbers: number[]): Record<string, RiskyService> {
  return Object.fromEntries(numbers.map((number) => [`${number}/${protocol}`, service]));
}
