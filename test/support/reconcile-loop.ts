import type { TestEstate } from './estate.ts';
import { createEstate } from './estate.ts';
import { EXTERNAL_ID, HOME, PARTNER, roleArn } from './generated-roles.ts';

export const KEY = `arn:aws:kms:eu-west-1:${HOME}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
export const S3_SOURCE = 'source: { s3: { bucket: acme-trueup, key: estate.tar.gz } }';
export const GITHUB_SOURCE = 'source: { github: { repository: acme/estate, token: "secretsmanager:source" } }';
export const SIGNED = `signingKey: ${KEY}`;

/** A ReconcileLoop; `spec` are lines of its spec. */
export function loopYaml(spec: readonly string[] = [S3_SOURCE, SIGNED], name = 'main'): string {
  const lines = spec.map((line) => `  ${line}\n`).join('');
  return `apiVersion: trueup/v1\nkind: ReconcileLoop\nmetadata: { name: ${name} }\nspec:\n${lines}`;
}

/** Settings with the two roles in both accounts; `more` are further lines of their spec. */
export function loopSettings(more: readonly string[] = []): string {
  const roles = (id: string): string =>
    `id: "${id}", planRole: "${roleArn(id, 'plan')}", applyRole: "${roleArn(id, 'apply')}"`;
  return `apiVersion: trueup/v1
kind: Settings
metadata: { name: estate }
spec:
  owner: acme-network
  accounts:
    prod: { ${roles(HOME)} }
    partner: { ${roles(PARTNER)}, externalId: ${EXTERNAL_ID} }
  defaultAccount: prod
  defaultRegion: eu-west-1
  permissionsBoundary: trueup-boundary
${more.map((line) => `  ${line}\n`).join('')}`;
}

export async function createLoopEstate(
  spec?: readonly string[],
  settings: readonly string[] = [],
): Promise<TestEstate> {
  const estate = await createEstate();
  estate.write('settings.yaml', loopSettings(settings));
  estate.write('main.yaml', loopYaml(spec));
  return estate;
}
