import { createEstate } from './estate.ts';
import type { EstateOptions, TestEstate } from './estate.ts';

export const JWT = 'auth: { jwt: { issuer: "https://login.example.com/", audience: [genes, notebooks] } }';

/** A SurvivalService; `spec` are lines of its spec. */
export function survivalYaml(spec: readonly string[] = ['minEvents: 5'], name = 'gene-survival'): string {
  const lines = spec.map((line) => `  ${line}\n`).join('');
  return `apiVersion: trueup/v1\nkind: SurvivalService\nmetadata: { name: ${name} }\nspec:\n${lines}`;
}

/** The account prod, where the service lives, and partner. */
export async function createSurvivalEstate(spec?: readonly string[], options?: EstateOptions): Promise<TestEstate> {
  const estate = await createEstate(options);
  estate.write('gene-survival.yaml', survivalYaml(spec));
  return estate;
}
