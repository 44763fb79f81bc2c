import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { PutParameterRequest } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { errorOf } from '../support/embedded-zone.ts';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const REGION = { region: 'eu-west-1' };

function openParameters() {
  const account = openEmbedded('memory', { now: () => NOW });
  const client = account.client(SSMClient, REGION);
  return {
    account,
    client,
    put: (rest: Partial<PutParameterRequest>) =>
      client.send(new PutParameterCommand({ Name: '/dns/key', Value: 'one', Type: 'String', ...rest })),
    get: (Name: string, WithDecryption?: boolean) => client.send(new GetParameterCommand({ Name, WithDecryption })),
  };
}

describe('parameters', () => {
  it('are written and read', async () => {
    const { put, get } = openParameters();

    expect(await put({})).toMatchObject({ Version: 1, Tier: 'Standard' });
    expect((await get('/dns/key')).Parameter).toEqual({
      Name: '/dns/key',
      Type: 'String',
      Value: 'one',
      Version: 1,
      LastModifiedDate: new Date(NOW),
      ARN: 'arn:aws:ssm:eu-west-1:111122223333:parameter/dns/key',
      DataType: 'text',
    });
  });

  it('keep their versions', async () => {
    const { put, get } = openParameters();
    await put({});
    await put({ Value: 'two', Overwrite: true });

    expect((await get('/dns/key')).Parameter).toMatchObject({ Value: 'two', Version: 2 });
    expect((await get('/dns/key:1')).Parameter).toMatchObject({ Value: 'one', Version: 1, Selector: ':1' });
    expect((await errorOf(get('/dns/key:3'))).name).toBe('ParameterVersionNotFound');
  });

  it.each(['/dns/key', 'plain'])('are found by their ARN: %s', async (Name) => {
    const { put, get } = openParameters();
    await put({ Name });

    const { Parameter: found } = await get(Name);

    expect((await get(found!.ARN!)).Parameter).toMatchObject({ Name, Value: 'one' });
  });

  it('hide a SecureString from who does not ask for the plain text', async () => {
    const { put, get } = openParameters();
    await put({ Type: 'SecureString', Value: 'canary-19f0' });

    expect((await get('/dns/key', true)).Parameter!.Value).toBe('canary-19f0');
    expect((await get('/dns/key')).Parameter!.Value).not.toContain('canary');
  });

  it('are read together, missing ones named', async () => {
    const { client, put } = openParameters();
    await put({});
    const read = (Names: string[]) => client.send(new GetParametersCommand({ Names }));

    expect(await read(['/none', '/dns/key', '/dns/key', '/dns/key:9'])).toMatchObject({
      Parameters: [{ Name: '/dns/key' }],
      InvalidParameters: ['/none', '/dns/key:9'],
    });
    expect((await errorOf(read([]))).name).toBe('ValidationException');
  });

  it('go when they are deleted', async () => {
    const { client, put, get } = openParameters();
    await put({});
    await client.send(new DeleteParameterCommand({ Name: '/dns/key' }));

    expect((await errorOf(get('/dns/key'))).name).toBe('ParameterNotFound');
    expect((await errorOf(client.send(new DeleteParameterCommand({ Name: '/dns/key' })))).name).toBe(
      'ParameterNotFound',
    );
  });

  it.each<[string, Partial<PutParameterRequest>, string]>([
    ['an existing name', {}, 'ParameterAlreadyExists'],
    ['another type', { Type: 'SecureString', Overwrite: true }, 'HierarchyTypeMismatchException'],
    ['no type of a new one', { Name: '/new', Type: undefined }, 'ValidationException'],
    ['an empty value', { Name: '/new', Value: '' }, 'ValidationException'],
    ['4,097 bytes', { Name: '/new', Value: 'x'.repeat(4097) }, 'ValidationException'],
    ['a reserved name', { Name: '/aws/x' }, 'ValidationException'],
    ['a blank in the name', { Name: '/a b' }, 'ValidationException'],
    ['sixteen levels', { Name: '/x'.repeat(16) }, 'HierarchyLevelLimitExceededException'],
  ])('refuse %s', async (_what, rest, name) => {
    const { put } = openParameters();
    await put({});

    expect((await errorOf(put(rest))).name).toBe(name);
  });

  it('belong to one account and region', async () => {
    const { account, put } = openParameters();
    await put({});
    const places = [{ region: 'us-east-1' }, { ...REGION, account: '444455556666' }];
    for (const place of places) {
      const call = account.client(SSMClient, place).send(new GetParameterCommand({ Name: '/dns/key' }));
      expect((await errorOf(call)).name).toBe('ParameterNotFound');
    }
  });
});

describe('secrets', () => {
  function openSecrets() {
    const account = openEmbedded('memory', { now: () => NOW });
    const client = account.client(SecretsManagerClient, REGION);
    return {
      account,
      client,
      create: (Name: string, SecretString?: string) => client.send(new CreateSecretCommand({ Name, SecretString })),
      get: (SecretId: string, VersionStage?: string) =>
        client.send(new GetSecretValueCommand({ SecretId, VersionStage })),
      put: (SecretId: string, SecretString: string, ClientRequestToken?: string) =>
        client.send(new PutSecretValueCommand({ SecretId, SecretString, ClientRequestToken })),
    };
  }

  it('are created, replaced and read by stage', async () => {
    const { create, put, get } = openSecrets();
    const { ARN: arn } = await create('bot/token', 'one');
    await put('bot/token', 'two');

    expect(arn).toMatch(/^arn:aws:secretsmanager:eu-west-1:111122223333:secret:bot\/token-[0-9a-f]{6}$/);
    expect(await get('bot/token')).toMatchObject({ ARN: arn, SecretString: 'two', VersionStages: ['AWSCURRENT'] });
    expect(await get(arn!, 'AWSPREVIOUS')).toMatchObject({ SecretString: 'one', CreatedDate: new Date(NOW) });
  });

  it('hold octets', async () => {
    const { client, get } = openSecrets();
    const SecretBinary = new Uint8Array([0, 255, 10]);
    await client.send(new CreateSecretCommand({ Name: 'octets', SecretBinary }));

    expect((await get('octets')).SecretBinary).toEqual(SecretBinary);
  });

  it('take one token for one value', async () => {
    const { create, put, get } = openSecrets();
    const token = '0123456789abcdef0123456789abcdef';
    await create('a', 'one');
    await put('a', 'two', token);
    await put('a', 'two', token);

    expect((await errorOf(put('a', 'three', token))).name).toBe('ResourceExistsException');
    expect((await get('a', 'AWSPREVIOUS')).SecretString).toBe('one');
  });

  it('are refused when they exist, are missing, malformed or empty', async () => {
    const { create, put, get } = openSecrets();
    await create('empty');

    expect((await errorOf(create('empty'))).name).toBe('ResourceExistsException');
    expect((await errorOf(get('empty'))).name).toBe('ResourceNotFoundException');
    expect((await errorOf(get('none'))).name).toBe('ResourceNotFoundException');
    expect((await errorOf(put('none', 'x'))).name).toBe('ResourceNotFoundException');
    expect((await errorOf(create('a b', 'x'))).name).toBe('InvalidParameterException');
    expect((await errorOf(put('empty', 'x'.repeat(65_537)))).name).toBe('InvalidParameterException');
  });
});

describe('putSecret', () => {
  it('writes what the APIs read, again and again', async () => {
    const account = openEmbedded('memory');
    for (const value of ['one', 'two']) {
      account.putSecret('ssm:/xfr', value, REGION);
      account.putSecret('secretsmanager:bot', value, { ...REGION, account: '444455556666' });
    }
    const parameter = await account
      .client(SSMClient, REGION)
      .send(new GetParameterCommand({ Name: '/xfr', WithDecryption: true }));
    const partner = account.client(SecretsManagerClient, { ...REGION, account: '444455556666' });

    expect(parameter.Parameter).toMatchObject({ Type: 'SecureString', Value: 'two' });
    expect(await partner.send(new GetSecretValueCommand({ SecretId: 'bot' }))).toMatchObject({ SecretString: 'two' });
    expect(account.events()).toHaveLength(2);
  });

  it.each(['/xfr', 'ssm:', 's3:bucket', 'https://example.com'])('TU4015: %s is no reference', (reference) => {
    expect(() => openEmbedded('memory').putSecret(reference, 'x')).toThrow(expect.objectContaining({ code: 'TU4015' }));
  });
});
