import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TsigAlgorithm } from '../dns/tsig/key.ts';
import { packageRoot } from '../package-root.ts';

/** A TSIG key of the example zones. It is public: it protects nothing. */
export interface ExampleKey {
  readonly name: string;
  readonly algorithm: TsigAlgorithm;
  /** Base64. */
  readonly secret: string;
  /** Where the example configuration expects it, such as `ssm:/path`. */
  readonly reference: string;
}

export function exampleZones(): string {
  return join(packageRoot(), 'examples/zones');
}

export function readExampleKeys(): readonly ExampleKey[] {
  return JSON.parse(readFileSync(join(exampleZones(), 'keys.json'), 'utf8')) as readonly ExampleKey[];
}
