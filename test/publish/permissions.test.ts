import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { approve } from '../../src/operations/approve.ts';
import { iam as policies } from '../../src/operations/iam.ts';
import { plan } from '../../src/operations/plan.ts';
import { publish } from '../../src/operations/publish.ts';
import { renderJson } from '../../src/report/json.ts';
import { actAs } from '../support/act-as.ts';
import { allow, document, trust } from '../support/embedded-iam.ts';
import { APPROVAL, BUCKET, BUNDLE, createPublisher, refused, REGION, SIGNING_KEY } from '../support/publisher.ts';

const OBJECTS = [BUNDLE, APPROVAL].map((key) => `arn:aws:s3:::${BUCKET}/${key}`);

/** All that the role of a publishing workflow needs. */
const STATEMENTS: Readonly<Record<string, object>> = {
  's3:GetObject': { Effect: 'Allow', Action: 's3:GetObject', Resource: OBJECTS },
  's3:PutObject': { Effect: 'Allow', Action: 's3:PutObject', Resource: OBJECTS },
  's3:ListBucket': allow('s3:ListBucket', `arn:aws:s3:::${BUCKET}`),
  'kms:Sign': allow('kms:Sign', SIGNING_KEY),
  'kms:Verify': allow('kms:Verify', SIGNING_KEY),
};

/** What `trueup iam` prints for the role. */
async function printed(): Promise<readonly object[]> {
  return policies(await (await createPublisher()).project()).publish!.Statement;
}

/** Publishes a first commit, a second one, and approves its plan, by a role with these statements. */
async function story(statements: readonly object[]): Promise<void> {
  const publisher = await createPublisher();
  const access = publisher.account.client(IAMClient, REGION);
  const RoleName = 'trueup-publish';
  const { Role } = await access.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust() }));
  const PolicyDocument = document(...statements);
  await access.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'publish', PolicyDocument }));
  const account = await actAs(publisher.account, Role!.Arn!);
  const endpoint = { kind: 'embedded', account } as const;

  await publish(await publisher.project(), { endpoint });
  publisher.repository.write('config/more.yaml', '# more\n');
  publisher.repository.commit();
  const project = await publisher.project();
  await publish(project, { endpoint });
  const made = await plan(project, { endpoint: publisher.endpoint });
  await approve(project, { endpoint, plans: [{ name: 'plan.json', plan: made, text: renderJson(made) }] });
}

it('publishes and approves with five permissions', async () => {
  expect(await refused(story(Object.values(STATEMENTS)))).toBe('done');
});

it('publishes and approves with what trueup iam prints, which is no more than these', async () => {
  const statements = await printed();
  const rights = (one: readonly object[]): readonly string[] =>
    one.flatMap((statement) => {
      const { Action, Resource } = statement as { Action: string | string[]; Resource: string | string[] };
      return [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} on ${resource}`));
    });

  expect(await refused(story(statements))).toBe('done');
  expect([...rights(statements)].sort()).toEqual([...rights(Object.values(STATEMENTS))].sort());
});

it.each(Object.keys(STATEMENTS))('does not without %s, and says so', async (action) => {
  const rest = Object.entries(STATEMENTS).filter(([name]) => name !== action);

  expect(await refused(story(rest.map(([, statement]) => statement)))).toBe('TU3049 error');
});
