import { readFileSync } from 'node:fs';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  ListRolesCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import type { Plan } from '../../src/engine/types.ts';
import { policyIn } from '../../src/iam/files.ts';
import { policyOf } from '../../src/iam/policy.ts';
import type { Policy, PolicyStatement } from '../../src/iam/policy.ts';
import type { IamResult } from '../../src/iam/result.ts';
import { managedPolicies } from '../../src/iam/size.ts';
import { apply } from '../../src/operations/apply.ts';
import { drift } from '../../src/operations/drift.ts';
import type { Endpoint } from '../../src/operations/endpoint.ts';
import { iam } from '../../src/operations/iam.ts';
import { orphans } from '../../src/operations/orphans.ts';
import { plan } from '../../src/operations/plan.ts';
import { verify } from '../../src/operations/verify.ts';
import { actAs } from './act-as.ts';
import { trust } from './embedded-iam.ts';
import { createEstate } from './estate.ts';
import type { EstateOptions, TestEstate } from './estate.ts';

export const HOME = '111122223333';
export const PARTNER = '444455556666';
export const EXTERNAL_ID = 'acme-42';
export const GITHUB = { repository: 'acme/infra', repositoryId: '712345678', ownerId: '9876' } as const;
const REGION = { region: 'eu-west-1' };
const FILES = ['settings.yaml', 'ec2/office-hours.yaml', 'dns/corp.yaml', 'dns/reverse.yaml', 'loop/main.yaml'];

export function roleArn(account: string, verb: 'plan' | 'apply'): string {
  return `arn:aws:iam::${account}:role/trueup-${verb}`;
}

/** The estate of config/, whose roles Settings name, with the office's primary, network and machines. */
export async function createExample(
  options: EstateOptions & { readonly twoAccounts?: true } = {},
): Promise<TestEstate> {
  const { twoAccounts, ...rest } = options;
  const estate = await createEstate(rest);
  const { account } = estate;
  for (const file of FILES) {
    const text = readFileSync(new URL(`../../config/${file}`, import.meta.url), 'utf8');
    estate.write(file.replace('/', '-'), text.replaceAll('127.0.0.1:15353', estate.primary));
  }
  estate.rewrite('settings.yaml', (yaml) =>
    yaml
      .replace('defaultAccount:', `${twoAccounts ? `  partner:\n      ${PARTNER_SETTINGS}\n  ` : ''}defaultAccount:`)
      .replace('percent: 20, count: 10, from: 5', 'percent: 100, count: 100'),
  );
  if (twoAccounts) estate.rewrite('ec2-office-hours.yaml', (yaml) => `${yaml}\n  accounts: [prod, partner]\n`);
  if (options.like) return estate;
  account.putSecret('ssm:/trueup/example/xfr-key', SECRET_OF_ESTATE, REGION);
  account.putNetwork({ vpc: { id: 'vpc-0a11bb22cc33dd44e' } }, REGION);
  for (const id of twoAccounts ? [HOME, PARTNER] : [HOME]) {
    account.putInstances([{ type: 'm5.large', tags: { team: 'data' } }], { ...REGION, account: id });
  }
  serveExample(estate, 1);
  return estate;
}

const SECRET_OF_ESTATE = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64');

const PARTNER_SETTINGS = [
  `id: '${PARTNER}'`,
  `planRole: '${roleArn(PARTNER, 'plan')}'`,
  `applyRole: '${roleArn(PARTNER, 'apply')}'`,
  `externalId: ${EXTERNAL_ID}`,
].join('\n      ');

export function serveExample(estate: TestEstate, serial: number): void {
  estate.serve('corp.example.com', serial, `ns1 A 10.1.0.53\nwww A 10.1.2.${serial}`);
  estate.serve('1.10.in-addr.arpa', serial, `ns1 A 10.1.0.53\n${serial}.0 PTR vpn.corp.example.com.`);
}

export async function policiesOf(estate: TestEstate): Promise<IamResult> {
  return iam(await estate.load(), { github: GITHUB });
}

/** A change of the printed policies before roles are made of them. */
export type Change = (policy: Policy, role: 'plan' | 'apply' | 'boundary', account: string) => Policy;

export function withoutStatement(sid: string, role: 'plan' | 'apply', account = HOME): Change {
  return (policy, which, where) =>
    which === role && where === account ? policyOf(policy.Statement.filter(({ Sid }) => Sid !== sid)) : policy;
}

/** Boundary, plan and apply role in every account, with what is printed and nothing else. */
export async function makeRoles(
  { account }: TestEstate,
  printed: IamResult,
  change: Change = (policy) => policy,
): Promise<void> {
  for (const { role, account: id, alias, arn } of printed.policies) {
    const iamOf = account.client(IAMClient, { ...REGION, account: id });
    const policy = change(policyIn(printed[role], alias), role, id);
    if (role === 'boundary') {
      await createPolicy(iamOf, 'trueup-boundary', policy);
      continue;
    }
    const RoleName = `trueup-${role}`;
    // In the home account the administrator stands for GitHub, which the embedded account does not know.
    const AssumeRolePolicyDocument = id === HOME ? trust() : JSON.stringify(printed.trust[arn]);
    await iamOf.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    for (const [index, part] of managedPolicies(policy).entries()) {
      const PolicyArn = await createPolicy(iamOf, `${RoleName}-${index + 1}`, part);
      await iamOf.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    }
  }
}

async function createPolicy(client: IAMClient, PolicyName: string, policy: Policy): Promise<string> {
  const PolicyDocument = JSON.stringify(policy);
  const { Policy: made } = await client.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }));
  return made!.Arn!;
}

export function allowsOf(policy: Policy): readonly PolicyStatement[] {
  return policy.Statement.filter(({ Effect }) => Effect === 'Allow');
}

/** The verbs, each as the workflows run it: by a session of the role. */
export interface Loop {
  plan(): Promise<Plan>;
  /** Applies a plan; what went wrong is said. */
  applied(reviewed: Plan): Promise<readonly string[]>;
  /** Drift, orphans and verify; what went wrong is said. */
  looked(): Promise<readonly string[]>;
  /** Somebody changes roles of ours by hand in these accounts: which verb does not say who it was. */
  asked(accounts: readonly string[]): Promise<readonly string[]>;
}

export async function loopOf(estate: TestEstate): Promise<Loop> {
  const session = async (verb: 'plan' | 'apply'): Promise<Endpoint> => ({
    kind: 'embedded',
    account: await actAs(estate.account, roleArn(HOME, verb)),
  });
  const planner = await session('plan');
  const applier = await session('apply');
  return {
    plan: async () => plan(await estate.load(), { endpoint: planner }),
    async applied(reviewed) {
      const copy = JSON.parse(JSON.stringify(reviewed)) as Plan;
      const options = { endpoint: applier, reviewed: copy };
      const { result, refusal } = await apply(await estate.load(), options).then(
        ({ result: done }) => ({ result: done, refusal: undefined }),
        (error: unknown) => ({ result: undefined, refusal: String(error) }),
      );
      if (refusal !== undefined) return [refusal];
      if (result?.outcome === 'applied' && result.replan?.complete === true) return [];
      const failed = result?.failed.map(({ error }) => error) ?? [];
      return [
        `apply: ${result?.outcome}`,
        ...failed,
        ...(result?.replan?.complete === false ? ['apply: not complete'] : []),
      ];
    },
    async asked(accounts) {
      await tamper(estate, accounts, 'one');
      const project = await estate.load();
      const { drifted } = await drift(project, { endpoint: planner });
      const reviewed = JSON.parse(JSON.stringify(await plan(project, { endpoint: planner }))) as Plan;
      await tamper(estate, accounts, 'two');
      const { result } = await apply(project, { endpoint: applier, reviewed });
      const moved = (result?.refused ?? []).flatMap(({ differences }) => differences);
      const isOf = (one: { account: string }): boolean => accounts.includes(one.account);
      return [
        ...(drifted.some((one) => isOf(one) && one.who?.actor) ? [] : ['drift: nobody is named']),
        ...(moved.some(({ who }) => who?.actor) ? [] : ['apply: nobody is named']),
      ];
    },
    async looked() {
      const project = await estate.load();
      const drifted = await drift(project, { endpoint: planner });
      const found = await orphans(project, { endpoint: planner });
      const verified = await verify(project, { endpoint: planner });
      return [
        ...(drifted.complete ? [] : ['drift: incomplete']),
        ...(drifted.drifted.length + drifted.missing.length === 0 ? [] : ['drift: something']),
        ...(found.complete ? [] : ['orphans: incomplete']),
        ...verified.checks.flatMap(({ ok, name, detail }) => (ok || name === 'answers' ? [] : [`verify: ${detail}`])),
      ];
    },
  };
}

async function tamper(estate: TestEstate, accounts: readonly string[], value: string): Promise<void> {
  for (const id of accounts) {
    const client = estate.account.client(IAMClient, { ...REGION, account: id });
    const { Roles = [] } = await client.send(new ListRolesCommand({ PathPrefix: '/trueup/' }));
    for (const { RoleName } of Roles) {
      await client.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'team', Value: value }] }));
    }
  }
}

/** What stands in a plan because somebody may not do or see something. */
export function troubles({ documents, findings, complete }: Plan): readonly string[] {
  return [
    ...(complete ? [] : ['plan: incomplete']),
    ...[...findings, ...documents.flatMap((document) => document.findings)]
      .filter(({ code }) => /^permission|^boundary|^prune|^unknown$|not-checked$/.test(code))
      .map(({ code, message }) => `${code}: ${message}`),
  ];
}
