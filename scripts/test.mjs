// Runs the test suites and says at the end what was not run and what would make it run.
// Further arguments go to vitest: node scripts/test.mjs -t T42
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'trueup-test-'));
const results = join(directory, 'results.json');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');

const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`, ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);

const report = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : { testResults: [] };
rmSync(directory, { recursive: true, force: true });
const tests = report.testResults.flatMap((file) => file.assertionResults);
const count = (...states) => tests.filter((test) => states.includes(test.status)).length;
const skipped = tests.filter((test) => ['skipped', 'pending', 'todo'].includes(test.status));
const failedFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);

const bySuite = new Map();
for (const { ancestorTitles, title } of skipped) {
  const suite = ancestorTitles[0] ?? title;
  bySuite.set(suite, (bySuite.get(suite) ?? 0) + 1);
}
const isFiltered = process.argv.includes('-t');
if (!isFiltered) for (const [suite, number] of bySuite) console.log(`skipped: ${suite} (${number})`);

const passed = count('passed');
const failed = count('failed') + failedFiles.length;
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);

if (passed + failed === 0) {
  console.error('no test was run');
  process.exit(1);
}
if (process.env.TRUEUP_REQUIRE_ALL && skipped.length > 0 && !isFiltered) {
  console.error('TRUEUP_REQUIRE_ALL is set: a skipped test is a failure');
  process.exit(1);
}
process.exit(status ?? 1);
