// Runs each law of test/conformance against its deliberate break (docs/conformance.md), and fails if one does not notice.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const breaks = JSON.parse(readFileSync(new URL('../test/conformance/breaks.json', import.meta.url), 'utf8'));
const wanted = process.argv.slice(2);
const laws = Object.keys(breaks).filter((law) => wanted.length === 0 || wanted.includes(law));

let unnoticed = 0;
for (const law of laws) {
  const started = performance.now();
  const pattern = `keeps the law: ${law.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(: \\w+)?$`;
  const { status, stdout } = spawnSync('npx', ['vitest', 'run', 'test/conformance', '--bail=1', '-t', pattern], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, TRUEUP_BREAK: law, NO_COLOR: '1' },
  });
  // A law that was not run at all has noticed nothing.
  const isNoticed = status !== 0 && /Tests {2}.*[1-9]\d* failed/.test(stdout);
  if (!isNoticed) unnoticed += 1;
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${isNoticed ? 'noticed  ' : 'UNNOTICED'}  ${law}: ${breaks[law].what} (${seconds} s)`);
}
console.log(`${laws.length - unnoticed} of ${laws.length} breaks were noticed`);
process.exitCode = unnoticed === 0 ? 0 : 1;
