import { GetChangeCommand, ChangeResourceRecordSetsCommand, GetHostedZoneCommand } from '@aws-sdk/client-route-53';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import { createEmbeddedZone, errorOf } from '../support/embedded-zone.ts';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const REGION = { region: 'eu-west-1' };
const ROLE = 'arn:aws:iam::444455556666:role/trueup/acme/trueup-apply';

async function assume(account: EmbeddedAccount, fields: object = {}) {
  const sts = account.client(STSClient, REGION);
  const input = { RoleArn: ROLE, RoleSessionName: 'trueup-apply-42', ExternalId: 'x', ...fields };
  const { Credentials: session, AssumedRoleUser: user } = await sts.send(new AssumeRoleCommand(input));
  const credentials = {
    accessKeyId: session!.AccessKeyId!,
    secretAccessKey: session!.SecretAccessKey!,
    sessionToken: session!.SessionToken!,
  };
  const client = new STSClient({ ...account.clientOptions(REGION), credentials });
  client.middlewareStack.use(account.plugin);
  return { client, user, expiration: session!.Expiration };
}

describe('callers', () => {
  it.each([undefined, '999988887777'])('acts as administrator of account %s', async (id) => {
    const account = openEmbedded('memory');
    const place = id === undefined ? REGION : { ...REGION, account: id };

    const identity = await account.client(STSClient, place).send(new GetCallerIdentityCommand({}));

    expect(identity).toMatchObject({
      Account: id ?? '111122223333',
      Arn: `arn:aws:iam::${id ?? '111122223333'}:user/administrator`,
    });
  });

  it('acts in the account of an assumed role, for an hour by the account’s clock', async () => {
    const account = openEmbedded('memory', { now: () => NOW });

    const { client, user, expiration } = await assume(account);
    const identity = await client.send(new GetCallerIdentityCommand({}));
    await account.advance(3_599_999);
    await client.send(new GetCallerIdentityCommand({}));
    await account.advance(1);
    const error = await errorOf(client.send(new GetCallerIdentityCommand({})));

    expect(identity).toMatchObject({
      Account: '444455556666',
      Arn: 'arn:aws:sts::444455556666:assumed-role/trueup-apply/trueup-apply-42',
    });
    expect(user!.Arn).toBe(identity.Arn);
    expect(expiration).toEqual(new Date(NOW + 3_600_000));
    expect(error.name).toBe('ExpiredToken');
  });

  it.each([
    ['a malformed role ARN', { RoleArn: 'arn:aws:iam::444455556666:user/somebody-else' }],
    ['a malformed session name', { RoleSessionName: 'a b' }],
    ['a session of more than twelve hours', { DurationSeconds: 43_201 }],
    ['a session of less than a quarter of an hour', { DurationSeconds: 899 }],
  ])('refuses %s', async (_what, fields) => {
    expect((await errorOf(assume(openEmbedded('memory'), fields))).name).toBe('ValidationError');
  });
});

describe('clock', () => {
  it('is the given reading plus what it was advanced by', async () => {
    const account = openEmbedded('memory', { now: () => NOW });

    await account.advance(1000);
    await account.advance(500);

    expect(account.now()).toBe(NOW + 1500);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('does not advance by %s', async (milliseconds) => {
    await expect(openEmbedded('memory').advance(milliseconds)).rejects.toMatchObject({ code: 'TU4015' });
  });

  it('judges PENDING and INSYNC: 30 seconds', async () => {
    const { account, client, id } = await createEmbeddedZone({ now: () => NOW });
    const ResourceRecordSet = {
      Name: 'a.corp.example.com',
      Type: 'A' as const,
      TTL: 1,
      ResourceRecords: [{ Value: '1.1.1.1' }],
    };
    const ChangeBatch = { Comment: 'why', Changes: [{ Action: 'CREATE' as const, ResourceRecordSet }] };
    const { ChangeInfo: submitted } = await client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch }),
    );
    const statuses = [submitted!.Status];
    for (const step of [29_999, 1]) {
      await account.advance(step);
      const { ChangeInfo: info } = await client.send(new GetChangeCommand({ Id: submitted!.Id }));
      statuses.push(info!.Status);
    }

    expect(submitted).toMatchObject({ Comment: 'why', SubmittedAt: new Date(NOW) });
    expect(statuses).toEqual(['PENDING', 'PENDING', 'INSYNC']);
  });

  it('knows no changes of others', async () => {
    const { client } = await createEmbeddedZone();

    expect((await errorOf(client.send(new GetChangeCommand({ Id: 'C0' })))).name).toBe('NoSuchChange');
  });
});

describe('trail', () => {
  it('keeps every call as CloudTrail does', async () => {
    const { account, client, id, change } = await createEmbeddedZone({ now: () => NOW });
    await change(['CREATE', 'www', 'A', ['192.0.2.1']]);
    await errorOf(client.send(new GetHostedZoneCommand({ Id: 'Z0' })));

    const [created, changed, refused] = account.events();

    expect(created).toMatchObject({
      eventTime: '2026-11-24T10:00:00.000Z',
      eventSource: 'route53.amazonaws.com',
      eventName: 'CreateHostedZone',
      readOnly: false,
      awsRegion: 'us-east-1',
      recipientAccountId: '111122223333',
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/administrator', accountId: '111122223333' },
      requestParameters: { name: 'corp.example.com.', callerReference: 'test' },
    });
    expect(changed!.requestParameters).toMatchObject({
      hostedZoneId: id.replace('/hostedzone/', ''),
      changeBatch: {
        changes: [
          {
            action: 'CREATE',
            resourceRecordSet: { name: 'www.corp.example.com.', resourceRecords: [{ value: '192.0.2.1' }] },
          },
        ],
      },
    });
    expect(refused).toMatchObject({ readOnly: true, errorCode: 'NoSuchHostedZone', eventName: 'GetHostedZone' });
    expect(new Set(account.events().map((event) => event.eventID)).size).toBe(3);
  });

  it('names the session of an assumed role', async () => {
    const account = openEmbedded('memory');
    const { client } = await assume(account);

    await client.send(new GetCallerIdentityCommand({}));

    expect(account.events().at(-1)).toMatchObject({
      recipientAccountId: '444455556666',
      userIdentity: { type: 'AssumedRole', arn: expect.stringMatching(/\/trueup-apply-42$/) },
    });
  });

  it('T28 shows no secret', async () => {
    const account = openEmbedded('memory');
    const client = account.client(SSMClient, REGION);

    await client.send(new PutParameterCommand({ Name: '/a', Value: 'canary-6c1f', Type: 'SecureString' }));

    expect(JSON.stringify(account.events())).not.toContain('canary-6c1f');
  });

  it('cuts the parameters of a large request', async () => {
    const { account, change } = await createEmbeddedZone();
    const values = Array.from({ length: 400 }, (_, index) => `"${String(index).padStart(60, 'x')}"`);

    await change(['CREATE', 'big', 'TXT', values]);

    const text = JSON.stringify(account.events().at(-1));
    expect(text.length).toBeLessThan(10_000);
    expect(text).toContain('380 more');
  });
});
