import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Route53Client } from '@aws-sdk/client-route-53';
import { onTestFinished } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount, EmbeddedOptions } from '../../src/embedded/index.ts';
import { startPrimary } from '../../src/embedded/primary.ts';
import type { PrimaryServer } from '../../src/embedded/primary.ts';
import type { ApplyResult, DriftResult, Plan } from '../../src/engine/types.ts';
import { apply } from '../../src/operations/apply.ts';
import { drift } from '../../src/operations/drift.ts';
import type { Endpoint } from '../../src/operations/endpoint.ts';
import { plan } from '../../src/operations/plan.ts';
import type { PlanOptions } from '../../src/operations/plan.ts';
import { loadConfig } from '../../src/operations/project.ts';
import type { Project } from '../../src/operations/project.ts';
import { nameOf } from '../../src/reconcilers/function/names.ts';

/** A configuration, a primary and an embedded account in memory, for one test. */
export interface TestEstate {
  readonly directory: string;
  readonly account: EmbeddedAccount;
  readonly client: Route53Client;
  /** `127.0.0.1:port` of the primary. */
  readonly primary: string;
  /** Writes a master file; `zone` is the body below the SOA. */
  serve(origin: string, serial: number, body: string): void;
  /** Writes a file below the configuration directory. */
  write(file: string, yaml: string): void;
  rewrite(file: string, change: (yaml: string) => string): void;
  load(): Promise<Project>;
  plan(options?: Partial<PlanOptions>): Promise<Plan>;
  apply(reviewed?: Plan): Promise<ApplyResult>;
  drift(): Promise<DriftResult>;
  /** Writing calls to Route 53 so far. */
  writes(): number;
  /** Physical name of a function by its logical id; of the mirror `corp` where no document is named. */
  functionName(id: string, document?: string): Promise<string>;
}

/** When tests begin. */
export const NOW = Date.parse('2026-11-24T10:00:00Z');
export const SECRET = Buffer.from('0123456789abcdef0123456789abcdef');

const SETTINGS = `
apiVersion: trueup/v1
kind: Settings
metadata: { name: estate }
spec:
  owner: acme-network
  accounts:
    prod: { id: "111122223333" }
    partner: { id: "444455556666", planRole: "arn:aws:iam::444455556666:role/trueup-plan", applyRole: "arn:aws:iam::444455556666:role/trueup-apply" }
  defaultAccount: prod
  defaultRegion: eu-west-1
  permissionsBoundary: trueup-boundary
  tags: { team: network }
`;

export interface EstateOptions extends EmbeddedOptions {
  /** Where the account is kept; default: in memory. */
  readonly file?: string;
  /** Begins with the configuration of another estate and asks its primary. */
  readonly like?: TestEstate;
  /** Who ends it; default: the end of the test. */
  readonly onFinished?: (end: () => Promise<void>) => void;
}

export async function createEstate(options: EstateOptions = {}): Promise<TestEstate> {
  const { onFinished = onTestFinished, file: kept = 'memory', like, ...embedded } = options;
  const directory = mkdtempSync(join(tmpdir(), 'trueup-estate-'));
  const zones = join(directory, 'zones');
  mkdirSync(zones);
  mkdirSync(join(directory, 'config'));
  const account = openEmbedded(kept, { now: NOW, ...embedded });
  account.putSecret('ssm:/xfr', SECRET.toString('base64'), { region: 'eu-west-1' });
  const server = like ? undefined : await startPrimaryOf(zones);
  onFinished(async () => {
    await server?.close();
    account.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const endpoint: Endpoint = { kind: 'embedded', account };
  const estate: TestEstate = {
    directory,
    account,
    client: account.client(Route53Client, { region: 'us-east-1' }),
    primary: like?.primary ?? `127.0.0.1:${server?.port}`,
    serve(origin, serial, body) {
      if (like) return like.serve(origin, serial, body);
      const text = `$ORIGIN ${origin}.\n$TTL 300\n@ SOA ns1.${origin}. host.${origin}. ${serial} 3600 600 86400 60\n@ NS ns1.${origin}.\n${body}\n`;
      writeFileSync(join(zones, `${origin.replaceAll('/', '%2f')}.zone`), text, 'latin1');
      server?.reload();
    },
    write: (file, yaml) => writeFileSync(join(directory, 'config', file), yaml),
    rewrite(file, change) {
      estate.write(file, change(readFileSync(join(directory, 'config', file), 'utf8')));
    },
    async load() {
      const { project, result } = await loadConfig(join(directory, 'config'), { cwd: directory, now: account.now() });
      if (!project) throw new Error(JSON.stringify(result.errors, null, 1));
      return project;
    },
    plan: async (rest) => plan(await estate.load(), { endpoint, ...rest }),
    async apply(reviewed) {
      const copy = reviewed && (JSON.parse(JSON.stringify(reviewed)) as Plan);
      const { result } = await apply(await estate.load(), { endpoint, ...(copy && { reviewed: copy }) });
      return result!;
    },
    drift: async () => drift(await estate.load(), { endpoint }),
    writes: () => account.calls()['route-53']?.writes ?? 0,
    async functionName(id, wanted = 'corp') {
      const { documents, estate: look } = await estate.load();
      const document = documents.find(({ name }) => name === wanted);
      if (!document) throw new Error(`there is no document named ${wanted}`);
      return nameOf(document, look, id);
    },
  };
  if (like) cpSync(join(like.directory, 'config'), join(directory, 'config'), { recursive: true });
  else estate.write('settings.yaml', SETTINGS);
  return estate;
}

function startPrimaryOf(zones: string): Promise<PrimaryServer> {
  return startPrimary({ zones, port: 0, keys: [{ name: 'xfr-key', algorithm: 'hmac-sha256', secret: SECRET }] });
}

/** A ZoneMirror document; `spec` are further lines of its spec. */
export function mirror(estate: TestEstate, spec: readonly string[] = [], name = 'corp', domain = 'corp.test'): string {
  const lines = [
    'apiVersion: trueup/v1',
    'kind: ZoneMirror',
    `metadata: { name: ${name} }`,
    'spec:',
    `  domain: ${domain}`,
    `  primaries: ["${estate.primary}"]`,
    '  schedule: rate(15 minutes)',
    ...(spec.some((line) => line.startsWith('tsig')) ? [] : ['  tsig: none']),
    ...(spec.some((line) => line.startsWith('hostedZone'))
      ? []
      : ['  hostedZone: { private: true, comment: mirror, vpcs: [{ id: vpc-0a11bb22cc33dd44e }] }']),
    ...spec.map((line) => `  ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}
