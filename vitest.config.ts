import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';
import { breaking } from './test/conformance/breaks.ts';

/** What takes minutes begins first, so that no core stands idle at the end. */
const LONG = /test\/(?:conformance|processes)\/|test\/(?:cli|crashes|lease|dns-fuzz)\.test/;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  // One deliberate break of trueup, for `npm run breaks` (docs/conformance.md).
  plugins: breaking(process.env['TRUEUP_BREAK']),
  ssr: { resolve: { conditions: ['trueup-source', 'node', 'import', 'default'] } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // The command line is tested as it is shipped: built.
    globalSetup: ['test/support/build.ts'],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // By default one of two cores stays free.
    maxWorkers: '100%',
    sequence: { sequencer: LongFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
