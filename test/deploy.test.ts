import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { isSetting, SETTINGS } from '../src/config/environment.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** Names that look like settings of NetDelta. */
const SETTING = /\b(?:NETDELTA|SLACK|DISCORD|SMTP|SYSLOG|WEBHOOK|DATABASE|REDIS|LOG)_[A-Z0-9_]*[A-Z0-9]\b/g;

describe('every setting that is mentioned', () => {
  test.each([
    'README.md',
    'Dockerfile',
    '.github/SECURITY.md',
    '.github/deploy/compose.yaml',
    '.github/deploy/kubernetes.yaml',
    '.github/deploy/netdelta.service',
  ])('in %s exists', (path) => {
    const named = [...new Set(read(path).match(SETTING) ?? [])];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !isSetting(name))).toEqual([]);
  });

  test('is in the table of the README, and none is missing there', () => {
    const rows = read('README.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const described = rows.flatMap((row) => row.split('|')[1]?.match(/[A-Z][A-Z0-9_]+/g) ?? []);
    // Set in any environment, not ours.
    const own = SETTINGS.filter((name) => !['PATH', 'NO_COLOR'].includes(name));
    expect(own.filter((name) => !described.includes(name))).toEqual([]);
  });
});

const SERVICE = z.looseObject({
  image: z.string(),
  read_only: z.boolean().optional(),
  user: z.string().optional(),
  cap_drop: z.array(z.string()).optional(),
  cap_add: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  secrets: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.enum(['service_healthy', 'service_started']) })).optional(),
  healthcheck: z.looseObject({}).optional(),
});
const COMPOSE = z.looseObject({
  services: z.record(z.string(), SERVICE),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
  volumes: z.record(z.string(), z.null()),
});

describe('the compose file', () => {
  const { services, secrets, volumes } = COMPOSE.parse(parse(read('.github/deploy/compose.yaml'), { merge: true }));

  test.each(Object.entries(services))('%s only refers to what exists', (_, service) => {
    for (const secret of service.secrets ?? []) expect(Object.keys(secrets)).toContain(secret);
    for (const volume of service.volumes ?? []) expect(Object.keys(volumes)).toContain(volume.split(':')[0]);
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(services).toHaveProperty(other);
      if (condition === 'service_healthy') expect(services[other]).toHaveProperty('healthcheck');
    }
    for (const [name, value] of Object.entries(service.environment ?? {})) {
      // A file that is named is one of the secrets that the service receives.
      if (name.endsWith('_FILE')) expect(service.secrets).toContain(value.replace('/run/secrets/', ''));
    }
  });

  test('bot and worker run as an ordinary user, on a read-only root, with raw sockets alone', () => {
    for (const name of ['bot', 'worker']) {
      expect(services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'], cap_add: ['NET_RAW'] });
      expect(services[name]?.user).toMatch(/^[1-9]/);
    }
    // A worker has its own user of Redis and the key of its site, and no other secret.
    expect(services['worker']?.secrets).toEqual(['worker_redis_url', 'site_key_dmz']);
  });
});

const CONTAINER = z.looseObject({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()),
  env: z.array(z.looseObject({ name: z.string() })).optional(),
  securityContext: z.object({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  resources: z.object({ requests: z.object({ memory: z.string() }).loose(), limits: z.object({ memory: z.string() }) }),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
});
/** What the restricted policy requires, and that everything mounted, selected and claimed exists. */
const DEPLOYMENT = z.looseObject({
  kind: z.literal('Deployment'),
  metadata: z.object({ name: z.string(), namespace: z.literal('netdelta') }),
  spec: z.looseObject({
    replicas: z.number().int(),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({
        automountServiceAccountToken: z.literal(false),
        securityContext: z.looseObject({
          runAsNonRoot: z.literal(true),
          runAsUser: z.number().min(1),
          seccompProfile: z.object({ type: z.literal('RuntimeDefault') }),
        }),
        containers: z.array(CONTAINER),
        volumes: z.array(z.looseObject({ name: z.string() })),
      }),
    }),
  }),
});

describe('the Kubernetes manifest', () => {
  const documents = parseAllDocuments(read('.github/deploy/kubernetes.yaml'));
  const objects = documents.map((document) => z.looseObject({ kind: z.string() }).parse(document.toJS()));
  const deployments = objects.filter(({ kind }) => kind === 'Deployment').map((object) => DEPLOYMENT.parse(object));

  test('is valid YAML, without kinds that need an operator', () => {
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    expect(objects.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'ConfigMap',
      'PersistentVolumeClaim',
      'Deployment',
      'Deployment',
    ]);
  });

  test.each(deployments.map((deployment) => [deployment.metadata.name, deployment] as const))(
    '%s meets the restricted policy, and mounts and selects what exists',
    (_, { spec: { selector, template } }) => {
      expect(template.metadata.labels).toMatchObject(selector.matchLabels);
      for (const { args, volumeMounts } of template.spec.containers) {
        expect(['bot', 'worker']).toContain(args[0]);
        const mounted = volumeMounts.map(({ name }) => name).sort();
        expect(mounted).toEqual(template.spec.volumes.map(({ name }) => name).sort());
        // The root is read-only: data and temporary files need their own mounts.
        expect(volumeMounts.map(({ mountPath }) => mountPath).sort()).toEqual(['/data', '/tmp']);
      }
    },
  );
});

/** Part of systemd; a machine without it has nothing to ask. */
const ANALYZER = '/usr/bin/systemd-analyze';

test.runIf(existsSync(ANALYZER))('the systemd unit is exposed less than 3 of 10', () => {
  const unit = fileURLToPath(new URL('../.github/deploy/netdelta.service', import.meta.url));
  const asked = ['security', '--offline=true', '--threshold=30', '--no-pager', unit];
  const { status, stdout, stderr } = spawnSync(ANALYZER, asked, { encoding: 'utf8' });
  expect(status, `${stdout}${stderr}`).toBe(0);
});
