// The licences of what is shipped, out of package-lock.json, into .github/LICENCES.md.
// usage: node .ci/licences.mjs [--check]     --check: fails where the file is not up to date, or a licence was not looked at.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = '.github/LICENCES.md';
/** Each was looked at: none asks for more than its text beside a copy. */
const ACCEPTED = [
  // Bitstream Vera's, of the fonts that pictures are drawn with.
  'SEE LICENSE IN README.md AND LICENSE',
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
];
/** Of several that one may choose from, one is enough. */
const isAccepted = (licence) => licence.replace(/[()]/g, '').split(' OR ').some((one) => ACCEPTED.includes(one));

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const shipped = Object.entries(packages).filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional);
const byLicence = new Map();
for (const [path, { version, license = 'unknown' }] of shipped) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  byLicence.set(license, (byLicence.get(license) ?? new Set()).add(`${name} ${version}`));
}

const rows = [...byLicence].sort(([a], [b]) => (a < b ? -1 : 1)).map(([licence, names]) => `| ${licence} | ${[...names].sort().join(', ')} |`);
const text = `# Licences of what is shipped

Made by \`node .ci/licences.mjs\` out of \`package-lock.json\`. Development tools are not in it. nmap and redis-server are
programs of their own, installed from the system's packages.

| licence | packages |
| --- | --- |
${rows.join('\n')}
`;

if (process.argv[2] !== '--check') writeFileSync(FILE, text);
else {
  const strange = [...byLicence.keys()].filter((licence) => !isAccepted(licence));
  for (const licence of strange) console.error(`not looked at yet: ${licence} (${[...byLicence.get(licence)].join(', ')})`);
  const isCurrent = readFileSync(FILE, 'utf8') === text;
  if (!isCurrent) console.error(`${FILE} is not up to date: node .ci/licences.mjs`);
  process.exitCode = isCurrent && strange.length === 0 ? 0 : 1;
}
