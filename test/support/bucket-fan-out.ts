import { createEstate } from './estate.ts';
import type { EstateOptions, TestEstate } from './estate.ts';

export const SOURCE = 'source: { bucket: acme-invoices }';
export const US = 'destinations: [{ bucket: acme-invoices-us, region: us-east-1 }]';

/** A BucketFanOut; `spec` are lines of its spec. */
export function fanOutYaml(spec: readonly string[] = [SOURCE, US], name = 'invoices'): string {
  const lines = spec.map((line) => `  ${line}\n`).join('');
  return `apiVersion: trueup/v1\nkind: BucketFanOut\nmetadata: { name: ${name} }\nspec:\n${lines}`;
}

/** Accounts: prod, the default one without roles, and partner, which can be entered. */
export async function createFanOutEstate(spec?: readonly string[], options?: EstateOptions): Promise<TestEstate> {
  const estate = await createEstate(options);
  estate.write('invoices.yaml', fanOutYaml(spec));
  return estate;
}
