import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles a program of this folder, such as `embedded-worker.ts`, that a test runs as a process of its own. */
export async function buildProgram(name: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
    },
    logLevel: 'error',
  });
}
