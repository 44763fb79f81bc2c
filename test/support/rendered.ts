import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ValidateResult } from '../../src/engine/types.ts';
import { loadConfig } from '../../src/operations/project.ts';
import type { Project } from '../../src/operations/project.ts';
import { render, renderFaults } from '../../src/operations/render.ts';
import type { RenderResult, Template } from '../../src/render/types.ts';
import { SAMPLES } from '../conformance/samples.ts';
import { ROOT } from './cli-process.ts';

const ACCOUNTS = `    prod: { id: "111122223333", planRole: "arn:aws:iam::111122223333:role/p", applyRole: "arn:aws:iam::111122223333:role/a" }
    partner: { id: "444455556666", planRole: "arn:aws:iam::444455556666:role/p", applyRole: "arn:aws:iam::444455556666:role/a" }
`;

/** Settings with two accounts. @param lines further ones of `spec` */
export function settingsYaml(...lines: readonly string[]): string {
  return `apiVersion: trueup/v1
kind: Settings
metadata: { name: estate }
spec:
  owner: acme-network
  accounts:
${ACCOUNTS}  defaultAccount: prod
  defaultRegion: eu-west-1
  permissionsBoundary: trueup-boundary
${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** A private zone in two accounts' VPCs. @param metadata further fields of it */
export function mirrorYaml(name: string, vpcs: string, metadata = ''): string {
  return `apiVersion: trueup/v1
kind: ZoneMirror
metadata: { name: ${name}${metadata} }
spec:
  domain: ${name}.test
  primaries: [127.0.0.1]
  tsig: none
  hostedZone: { private: true, vpcs: ${vpcs} }
  schedule: rate(15 minutes)
`;
}

/** A configuration as it is loaded for this verb. */
export async function loadTree(
  ...yaml: readonly string[]
): Promise<{ readonly project: Project | undefined; readonly result: ValidateResult }> {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-render-'));
  try {
    for (const [index, text] of yaml.entries()) writeFileSync(join(directory, `${index}.yaml`), text);
    return await loadConfig(directory, { cwd: directory, faults: renderFaults });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export async function loadProject(...yaml: readonly string[]): Promise<Project> {
  const { project, result } = await loadTree(...yaml);
  if (!project) throw new Error(JSON.stringify(result.errors));
  return project;
}

export async function renderTree(...yaml: readonly string[]): Promise<RenderResult> {
  return render(await loadProject(...yaml));
}

/** The example estate. */
export async function exampleProject(): Promise<Project> {
  const { project, result } = await loadConfig(join(ROOT, 'config'));
  if (!project) throw new Error(JSON.stringify(result.errors));
  return project;
}

export function templatesOf({ templates }: RenderResult): readonly Template[] {
  return templates.map(({ template }) => template);
}

/** Estates that have, between them, every resource type, property and special case that templates know. */
export async function estatesToRender(): Promise<ReadonlyMap<string, Project>> {
  const estates = new Map([['the example', await exampleProject()]]);
  for (const [kind, { start }] of Object.entries(SAMPLES)) {
    const { samples, end } = await start();
    const document = samples.document('corp');
    const edits = Object.entries(samples.edits);
    estates.set(kind, await loadProject(settingsYaml(), document, samples.document('other')));
    for (const [what, { edit }] of edits)
      estates.set(`${kind}: ${what}`, await loadProject(settingsYaml(), edit(document)));
    await end();
  }
  const vpcs = '[{ id: vpc-0a11bb22cc33dd44e }, { id: vpc-0b11bb22cc33dd44e, account: partner }]';
  const settings = settingsYaml(
    'tags: { team: network }',
    'notify: { sns: "arn:aws:sns:eu-west-1:111122223333:alarms" }',
  );
  return estates
    .set('a zone in two accounts', await loadProject(settings, mirrorYaml('corp', vpcs)))
    .set('a zone of VPCs of others', await loadProject(settings, mirrorYaml('corp', `[${vpcs.slice(32)}`)))
    .set(
      'a zone that was taken over',
      await loadProject(settings, mirrorYaml('corp', `${vpcs.slice(0, 30)}]`, ', adopt: true')),
    )
    .set('machines in two accounts', await loadProject(settings, SCHEDULE_OF_TWO))
    .set('a public zone', await loadProject(settings, PUBLIC_ZONE))
    .set('in a network', await loadProject(settings, IN_A_NETWORK));
}

const SCHEDULE_OF_TWO = `apiVersion: trueup/v1
kind: InstanceSchedule
metadata: { name: office-hours, protect: true }
spec:
  accounts: [prod, partner]
  tagKey: Schedule
  every: rate(10 minutes)
  schedules: { office: { timezone: UTC, periods: [{ days: mon-fri, on: "08:30", off: "18:00" }] } }
  assign: [{ select: { tags: { Ref: a, "Fn::Sub": b } }, schedule: office }]
`;

const PUBLIC_ZONE = `apiVersion: trueup/v1
kind: ZoneMirror
metadata: { name: public, onRemove: release }
spec:
  domain: example.com
  primaries: [127.0.0.1]
  tsig: none
  hostedZone: { private: false }
  schedule: rate(15 minutes)
  records: reviewed
`;

const IN_A_NETWORK = `apiVersion: trueup/v1
kind: ZoneMirror
metadata: { name: inside }
spec:
  domain: inside.test
  primaries: [10.0.0.5]
  tsig: none
  hostedZone: { id: Z0123456789ABCDEFGHIJ }
  schedule: rate(15 minutes)
  network: { subnets: [subnet-0a11bb22cc33dd44e], securityGroups: [sg-0a11bb22cc33dd44e] }
  function: { memory: 256, timeout: 5m, logRetention: 30d, reservedConcurrency: 1 }
`;
