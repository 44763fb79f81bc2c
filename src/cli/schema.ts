import { SCHEMAS } from '../operations/project.ts';
import { usageError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

/** Prints the JSON Schema of a kind, or the kinds there are. */
export async function runSchema(kind: string | undefined): Promise<number> {
  if (kind === undefined) {
    process.stdout.write(`${[...SCHEMAS.keys()].join('\n')}\n`);
    return EXIT.ok;
  }
  const schema = SCHEMAS.get(kind);
  if (!schema) throw usageError(`there is no kind ${kind}`, `kinds: ${[...SCHEMAS.keys()].join(', ')}`);
  process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
  return EXIT.ok;
}
