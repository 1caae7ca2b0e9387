/**
 * The banner of a service of the lab; `silent` accepts and waits for ever, which costs version detection its longest.
 * The ports are the banner server's, reachable only through the lab's redirects.
 */
export const SERVICE_KINDS = {
  silent: { port: 61001, banner: '' },
  ssh: { port: 61002, banner: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u2\r\n' },
  'ssh-new': { port: 61003, banner: 'SSH-2.0-OpenSSH_9.7p1 Debian-5\r\n' },
  smtp: { port: 61004, banner: '220 mail.lab.example ESMTP Postfix (Debian/GNU)\r\n' },
  ftp: { port: 61005, banner: '220 (vsFTPd 3.0.3)\r\n' },
  http: { port: 61006, banner: '', answer: page('nginx/1.22.1') },
  'http-new': { port: 61007, banner: '', answer: page('nginx/1.24.0') },
  pop3: { port: 61010, banner: '+OK Dovecot ready.\r\n' },
  /** Closes every connection at once: what nmap calls tcpwrapped. */
  wrapped: { port: 61011, banner: '', closes: true },
  telnet: { port: 61008, banner: '\xff\xfd\x18\xff\xfd\x20login: ' },
  hostile: { port: 61009, banner: '220 <!channel> @everyone `x` \x1b[31m\u202e (vsFTPd 3.0.3)\r\n' },
} as const satisfies Record<string, { port: number; banner: string; answer?: string; closes?: boolean }>;

export type ServiceKind = keyof typeof SERVICE_KINDS;

/** Answers every datagram. */
export const UDP_PORT = 61001;

function page(server: string): string {
  const body = '<html><head><title>It works</title></head></html>\n';
  return `HTTP/1.1 200 OK\r\nServer: ${server}\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
}
