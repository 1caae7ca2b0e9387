import { createScanner } from '../../../adapters/nmap/scanner.ts';

/** Run by ends-with-parent.test.ts, which kills it: a scan of some minutes. */
const [dataDir = '', command = 'nmap'] = process.argv.slice(2);
await createScanner({ dataDir, command }).run(
  {
    ranges: [['127.0.0.1', '127.0.0.1']],
    family: 4,
    settings: {
      profile: 'own',
      ports: '1-60000',
      maxRate: 50,
      timing: 3,
      tcp: true,
      udp: false,
      versionDetection: false,
      resolveNames: false,
      skipDiscovery: true,
    },
  },
  { signal: new AbortController().signal, onProgress: () => undefined },
);
