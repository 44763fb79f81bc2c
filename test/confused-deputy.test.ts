import { CreateRoleCommand, IAMClient, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { EmbeddedAccount } from '../src/embedded/index.ts';
import type { Plan } from '../src/engine/types.ts';
import { apply } from '../src/operations/apply.ts';
import { plan } from '../src/operations/plan.ts';
import { actAs as as } from './support/act-as.ts';
import { policyBelow } from './support/documented-policies.ts';
import { EMBEDDED, createDesk } from './support/cli-process.ts';
import { allow, document, trust } from './support/embedded-iam.ts';
import { OPEN, createPruneBench, deploy, exitOf, removalsOf, verbs } from './support/prune-bench.ts';
import type { PruneBench } from './support/prune-bench.ts';

const REGION = { region: 'eu-west-1' };
const HERE = '111122223333';
const PARTNER = '444455556666';
const THIRD = '777788889999';
const arn = (account: string, role: string) => `arn:aws:iam::${account}:role/${role}`;
const CALLER = arn(HERE, 'trueup-ci');
const ID = 'acme-42';
const ROLES = ['trueup-plan', 'trueup-apply'];
/** What the page says that the roles of another account are to trust: this caller, and only with the id. */
const DOCUMENTED = policyBelow('Roles of other accounts');
/** Which policy does not let it. */
const TRUST = 'no role trust policy';
const WITH_ID = { StringEquals: { 'sts:ExternalId': ID } };

/** Two accounts with a mirror each that stays and one that loses its document; the partner's roles trust somebody. */
async function twoAccounts(externalId: string | undefined, trusted: string): Promise<PruneBench> {
  const bench = await createPruneBench([], { undeployed: true });
  const there = ['account: partner', 'region: ap-southeast-2'];
  for (const [name, spec] of Object.entries({ one: [], two: [], there, gone: there })) {
    bench.serve(`${name}.test`, 5, 'www A 10.0.0.1');
    bench.declare(name, { spec });
  }
  await deploy(bench);
  const iam = bench.account.client(IAMClient, { ...REGION, account: PARTNER });
  for (const RoleName of ROLES) await createRole(iam, RoleName, trusted, allow('*'));
  bench.settings(OPEN);
  bench.rewrite('settings.yaml', (yaml) =>
    yaml
      .replace(
        `id: "${HERE}"`,
        `id: "${HERE}", planRole: "${arn(HERE, ROLES[0]!)}", applyRole: "${arn(HERE, ROLES[1]!)}"`,
      )
      .replace(`id: "${PARTNER}"`, `id: "${PARTNER}"${externalId === undefined ? '' : `, externalId: ${externalId}`}`),
  );
  bench.remove('two', 'gone');
  bench.rewrite('one.yaml', (yaml) => yaml.replace('rate(15 minutes)', 'rate(5 minutes)'));
  return bench;
}

async function createRole(
  iam: IAMClient,
  RoleName: string,
  trusted: string,
  ...grants: readonly object[]
): Promise<void> {
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusted }));
  const PolicyDocument = document(...grants);
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'grant', PolicyDocument }));
}

/** Who runs trueup: a role of the home account that may assume what Settings name. */
async function caller({ account }: PruneBench, roles = [HERE, PARTNER]): Promise<EmbeddedAccount> {
  const own = roles.flatMap((id) => ROLES.map((role) => arn(id, role)));
  const grant = { ...allow('sts:AssumeRole'), Resource: own };
  await createRole(account.client(IAMClient, REGION), 'trueup-ci', trust(), grant);
  return as(account, CALLER);
}

/** Somebody else of the home account, who may assume whatever lets it. */
async function colleague({ account }: PruneBench): Promise<EmbeddedAccount> {
  await createRole(account.client(IAMClient, REGION), 'colleague', trust(), allow('sts:AssumeRole'));
  return as(account, arn(HERE, 'colleague'));
}

/** What the caller becomes in a third account. */
async function hop(bench: PruneBench): Promise<EmbeddedAccount> {
  const iam = bench.account.client(IAMClient, { ...REGION, account: THIRD });
  const first = await caller(bench, [HERE, PARTNER]);
  await bench.account.client(IAMClient, REGION).send(
    new PutRolePolicyCommand({
      RoleName: 'trueup-ci',
      PolicyName: 'hop',
      PolicyDocument: document(allow('sts:AssumeRole', arn(THIRD, 'hop'))),
    }),
  );
  await createRole(iam, 'hop', trust({ AWS: CALLER }), allow('sts:AssumeRole'));
  return as(bench.account, arn(THIRD, 'hop'), first);
}

function unseenIn({ documents }: Plan): readonly string[] {
  return documents.filter(({ findings }) => findings.some(({ code }) => code === 'unknown')).map(({ name }) => name);
}

describe('T65 the roles of another account', () => {
  it('T65 admit the caller that they name with its id, for an hour, in one hop', async () => {
    const bench = await twoAccounts(ID, DOCUMENTED);
    const endpoint = { kind: 'embedded', account: await caller(bench) } as const;
    const begin = bench.account.events().length;

    const seen = await plan(await bench.load(), { endpoint });

    expect([seen.complete, exitOf(seen), unseenIn(seen)]).toEqual([true, 0, []]);
    expect(verbs(seen)).toEqual(expect.arrayContaining([...removalsOf('gone')]));
    const assumed = bench.account
      .events()
      .slice(begin)
      .filter(({ eventName }) => eventName === 'AssumeRole');
    expect(assumed.map(({ userIdentity }) => userIdentity.arn)).toEqual(
      Array.from({ length: 2 }, () => `arn:aws:sts::${HERE}:assumed-role/trueup-ci/run`),
    );
    expect(assumed.map(({ requestParameters }) => requestParameters)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ roleArn: arn(PARTNER, 'trueup-plan'), externalId: ID, durationSeconds: 3600 }),
        expect.objectContaining({ roleArn: arn(HERE, 'trueup-plan'), durationSeconds: 3600 }),
      ]),
    );
  });

  it.each([
    { who: 'without its id', externalId: undefined, trusted: DOCUMENTED, by: caller, lacks: TRUST },
    { who: 'with another id', externalId: 'acme-43', trusted: DOCUMENTED, by: caller, lacks: TRUST },
    { who: 'with its id in capitals', externalId: ID.toUpperCase(), trusted: DOCUMENTED, by: caller, lacks: TRUST },
    {
      who: 'through :root, whose own policies do not let it',
      externalId: ID,
      trusted: trust({ AWS: `arn:aws:iam::${HERE}:root` }, WITH_ID),
      by: (bench: PruneBench) => caller(bench, [HERE]),
      lacks: 'no identity-based policy',
    },
    {
      who: 'of the same account, who is another role',
      externalId: ID,
      trusted: DOCUMENTED,
      by: colleague,
      lacks: TRUST,
    },
    {
      who: 'in a third account, who was let in by the first',
      externalId: ID,
      trusted: DOCUMENTED,
      by: hop,
      lacks: TRUST,
    },
    {
      who: 'who would have to be the home account’s own role first',
      externalId: ID,
      trusted: trust({ AWS: ROLES.map((role) => arn(HERE, role)) }, WITH_ID),
      by: caller,
      lacks: TRUST,
    },
  ])('T65 admit no caller $who: unknown, 1, and nothing of it goes', async ({ externalId, trusted, by, lacks }) => {
    const bench = await twoAccounts(externalId, trusted);
    const endpoint = { kind: 'embedded', account: await by(bench) } as const;
    const begin = bench.account.events().length;

    const seen = await plan(await bench.load(), { endpoint });
    const { result } = await apply(await bench.load(), { endpoint });

    expect([seen.complete, exitOf(seen), unseenIn(seen)]).toEqual([false, 1, ['there']]);
    const why = seen.documents.find(({ name }) => name === 'there')!.findings.map(({ message }) => message);
    expect(why.join('\n')).toMatch(
      /\(denied\): AccessDenied: .* is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role\/trueup-plan/,
    );
    expect(why.join('\n')).toContain(`because ${lacks} allows the sts:AssumeRole action`);
    expect(verbs(seen).filter((verb) => !verb.startsWith('update ZoneMirror/one/'))).toEqual([]);
    expect([result!.outcome, exitOf(result!)]).toEqual(['partial', 5]);
    expect(result!.done).toContain('ZoneMirror/one/Rule');
    const since = bench.account.events().slice(begin);
    expect(since.filter(({ recipientAccountId }) => recipientAccountId === PARTNER)).toEqual([]);
    expect(since.filter(({ eventName }) => /^(Delete|Remove|Untag)/.test(eventName))).toEqual([]);

    // It was that alone: once the roles let everybody in, what nothing declares goes.
    const iam = bench.account.client(IAMClient, { ...REGION, account: PARTNER });
    for (const RoleName of ROLES) {
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust({ AWS: HERE }) }));
    }
    expect(verbs(await bench.plan())).toEqual([...removalsOf('gone'), ...removalsOf('two')]);
  });

  it.each([
    { what: 'without the id', externalId: '', exit: 1, complete: false },
    { what: 'with another id', externalId: ', externalId: acme-43', exit: 1, complete: false },
    { what: 'with the id', externalId: `, externalId: ${ID}`, exit: 0, complete: true },
  ])('T65 the command line $what ends with $exit', async ({ externalId, exit, complete }) => {
    const desk = await createDesk();
    const account = desk.open();
    const iam = account.client(IAMClient, { ...REGION, account: PARTNER });
    const trusted = trust({ AWS: `arn:aws:iam::${HERE}:user/administrator` }, WITH_ID);
    for (const RoleName of ROLES) await createRole(iam, RoleName, trusted, allow('*'));
    account.close();
    const roles = ROLES.map((role) => `${role.slice('trueup-'.length)}Role: '${arn(PARTNER, role)}'`).join(', ');
    const settings = desk.read('config/settings.yaml');
    desk.write(
      'config/settings.yaml',
      settings.replace(`id: '${HERE}' }`, `$&, partner: { id: '${PARTNER}', ${roles}${externalId} }`),
    );
    desk.write('config/dns/a.yaml', desk.read('config/dns/a.yaml').replace('spec:', 'spec:\n  account: partner'));

    const ended = await desk.run(`plan ${EMBEDDED} --format json`);

    expect(ended.exit).toBe(exit);
    const { complete: isComplete, actions } = JSON.parse(ended.stdout) as Plan;
    expect([isComplete, actions.length > 0]).toEqual([complete, complete]);
  });
});
