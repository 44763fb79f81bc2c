import { createServer } from 'node:net';
import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  CreateHostedZoneCommand,
  GetHostedZoneCommand,
  GetHostedZoneCountCommand,
  InvalidChangeBatch,
  NoSuchHostedZone,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { Fault } from '../../src/embedded/index.ts';
import { createEmbeddedZone, errorOf } from '../support/embedded-zone.ts';

const REGION = { region: 'eu-west-1' };
const NEW_ZONE = { Name: 'corp.example.com', CallerReference: 'one' };

describe('attaching', () => {
  it.each([Route53Client, STSClient, SSMClient, SecretsManagerClient])(
    'takes the place of the deserializer of %o, below retries and signing',
    (Client) => {
      const client = openEmbedded('memory').client(Client as typeof STSClient, REGION);
      const order = client.middlewareStack.identify();
      const place = order.findIndex((entry) => entry.startsWith('deserializerMiddleware'));

      expect(order.filter((entry) => entry.startsWith('deserializerMiddleware'))).toHaveLength(1);
      expect(order.findIndex((entry) => entry.startsWith('retryMiddleware'))).toBeLessThan(place);
      expect(order.findIndex((entry) => entry.startsWith('httpSigningMiddleware'))).toBeLessThan(place);
      expect(place).toBe(order.length - 1);
    },
  );

  it('answers with metadata as AWS does', async () => {
    const client = openEmbedded('memory').client(Route53Client, REGION);

    const { $metadata } = await client.send(new GetHostedZoneCountCommand({}));

    expect($metadata).toMatchObject({ httpStatusCode: 200, attempts: 1 });
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('does no more when it is attached twice', async () => {
    const account = openEmbedded('memory');
    const client = account.client(Route53Client, REGION);
    client.middlewareStack.use(account.plugin);

    await client.send(new CreateHostedZoneCommand(NEW_ZONE));

    expect(account.calls()).toEqual({ 'route-53': { reads: 0, writes: 1 } });
  });

  it('leaves input and state apart', async () => {
    const { client, id, list } = await createEmbeddedZone();
    const records = [{ Value: '192.0.2.1' }];
    const ResourceRecordSet = { Name: 'a.corp.example.com', Type: 'A' as const, TTL: 1, ResourceRecords: records };
    const Changes = [{ Action: 'CREATE' as const, ResourceRecordSet }];
    await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes } }));

    records[0]!.Value = '192.0.2.2';
    const [first] = await list();
    first!.ResourceRecords![0]!.Value = '192.0.2.3';

    expect((await list())[0]!.ResourceRecords).toEqual([{ Value: '192.0.2.1' }]);
  });

  it('still validates and serialises in the SDK', async () => {
    const client = openEmbedded('memory').client(Route53Client, REGION);

    const error = await errorOf(client.send(new GetHostedZoneCommand({ Id: undefined })));

    expect(error.message).toContain('HTTP label: Id');
  });

  it('throws errors that are instances of the client’s classes', async () => {
    const { client, id, change } = await createEmbeddedZone();

    expect(await errorOf(client.send(new GetHostedZoneCommand({ Id: 'Z0' })))).toBeInstanceOf(NoSuchHostedZone);
    expect(await errorOf(change(['CREATE', 'a', 'A', ['no']]))).toBeInstanceOf(InvalidChangeBatch);
    expect(id).toMatch(/^\/hostedzone\/Z[0-9A-Z]{20}$/);
  });

  it('refuses commands that it does not know, naming service and command', async () => {
    const account = openEmbedded('memory');
    const client = account.client(Route53Client, REGION);
    const call = client.send(
      new CreateHealthCheckCommand({
        CallerReference: 'x',
        HealthCheckConfig: { Type: 'HTTP', IPAddress: '192.0.2.1' },
      }),
    );

    const error = await errorOf(call);

    expect(error.name).toBe('NotEmbedded');
    expect(error.message).toContain('Route53 CreateHealthCheck');
    expect(error['$metadata']).toMatchObject({ attempts: 1 });
  });
});

describe('closed layers', () => {
  it('T75 a client with the options but without the plugin opens no socket', async () => {
    const options = openEmbedded('memory').clientOptions(REGION);

    const error = await errorOf(new Route53Client(options).send(new GetHostedZoneCountCommand({})));

    expect(error.name).toBe('EmbeddedRefusal');
    expect(error['$metadata']).toMatchObject({ attempts: 1 });
  });

  it('T75 without the refusing handler too, requests go to a closed loopback port only', async () => {
    const { requestHandler: _refusing, ...options } = openEmbedded('memory').clientOptions(REGION);

    const error = await errorOf(new Route53Client(options).send(new GetHostedZoneCountCommand({})));

    expect(new URL(options.endpoint).hostname).toBe('127.0.0.1');
    expect(error['code']).toBe('ECONNREFUSED');
  });

  it('T75 signs with dummy keys, and takes no others', async () => {
    const account = openEmbedded('memory');
    const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' };
    const client = new STSClient({ ...account.clientOptions(REGION), credentials });
    client.middlewareStack.use(account.plugin);

    const error = await errorOf(client.send(new GetCallerIdentityCommand({})));

    expect(account.clientOptions(REGION).credentials.accessKeyId).toBe('EMBEDDED111122223333');
    expect(error.name).toBe('InvalidClientTokenId');
  });

  it('T75 an attached client never connects, whatever its endpoint', async () => {
    let connections = 0;
    const server = createServer(() => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address() as { port: number };
    const account = openEmbedded('memory');
    const { requestHandler: _refusing, ...options } = account.clientOptions(REGION);
    const client = new Route53Client({ ...options, endpoint: `http://127.0.0.1:${address.port}` });
    client.middlewareStack.use(account.plugin);

    await client.send(new CreateHostedZoneCommand(NEW_ZONE));
    await new Promise((resolve) => server.close(resolve));

    expect(connections).toBe(0);
  });
});

describe('faults', () => {
  function openWith(...faults: Fault[]) {
    const account = openEmbedded('memory', { faults });
    return { account, client: account.client(Route53Client, REGION) };
  }

  it.each([
    ['F08', 'throttle', 'GetHostedZoneCount'],
    ['F09', 'server-error', 'GetHostedZoneCount'],
  ] as const)('%s the SDK repeats after %s', async (_id, fault, command) => {
    const { account, client } = openWith({ service: 'route-53', command, times: 2, fault });

    const { $metadata } = await client.send(new GetHostedZoneCountCommand({}));

    expect($metadata.attempts).toBe(3);
    expect(account.calls()).toEqual({ 'route-53': { reads: 3, writes: 0 } });
  });

  it('F08 gives up after three attempts with the error of the last', async () => {
    const { client } = openWith({ service: 'Route53', command: '*', times: 99, fault: 'throttle' });

    const error = await errorOf(client.send(new GetHostedZoneCountCommand({})));

    expect(error.name).toBe('ThrottlingException');
    expect(error['$metadata']).toMatchObject({ attempts: 3 });
  });

  it('F27 throttling a change batch is PriorRequestNotComplete, and repeated', async () => {
    const fault: Fault = { service: 'route-53', command: 'ChangeResourceRecordSets', fault: 'throttle' };
    const { account, change, list } = await createEmbeddedZone({ faults: [fault] });

    await change(['CREATE', 'a', 'A', ['192.0.2.1']]);

    expect(await list()).toHaveLength(1);
    expect(account.events().map((event) => event.errorCode)).toEqual([
      undefined,
      'PriorRequestNotComplete',
      undefined,
      undefined,
    ]);
  });

  it('F10 a lost reply comes after the effect, and the SDK sends again', async () => {
    const { account, client } = openWith({ service: 'route-53', command: 'CreateHostedZone', fault: 'lost-reply' });

    const error = await errorOf(client.send(new CreateHostedZoneCommand(NEW_ZONE)));

    expect(error.name).toBe('HostedZoneAlreadyExists');
    expect(error['$metadata']).toMatchObject({ attempts: 2 });
    expect(account.calls()).toEqual({ 'route-53': { reads: 0, writes: 2 } });
  });

  it('denies once and is not repeated', async () => {
    const { client } = openWith({ service: '*', command: '*', fault: 'access-denied' });

    const error = await errorOf(client.send(new GetHostedZoneCountCommand({})));

    expect(error.name).toBe('AccessDenied');
    expect(error.message).toContain('route53:GetHostedZoneCount');
    expect(error['$metadata']).toMatchObject({ attempts: 1, httpStatusCode: 403 });
    await expect(client.send(new GetHostedZoneCountCommand({}))).resolves.toMatchObject({ HostedZoneCount: 0 });
  });

  it('waits for latency by the sleep that it was given', async () => {
    const slept: number[] = [];
    const account = openEmbedded('memory', {
      faults: [{ service: '*', command: '*', fault: 'latency:1500' }],
      sleep: async (milliseconds) => void slept.push(milliseconds),
    });

    await account.client(Route53Client, REGION).send(new GetHostedZoneCountCommand({}));

    expect(slept).toEqual([1500]);
  });

  it.each([
    ['crash-before', 'before', 0],
    ['crash-after', 'after', 1],
  ] as const)('%s strikes %s the effect', async (fault, _when, zonesAtCrash) => {
    const counts: number[] = [];
    const account = openEmbedded('memory', {
      faults: [{ service: 'route-53', command: 'CreateHostedZone', fault }],
      crash: () => void counts.push(account.events().length),
    });

    await account.client(Route53Client, REGION).send(new CreateHostedZoneCommand(NEW_ZONE));

    expect(counts).toEqual([zonesAtCrash]);
  });

  it('crash-after strikes also when the call failed', async () => {
    let crashes = 0;
    const account = openEmbedded('memory', {
      faults: [{ service: 'route-53', command: 'GetHostedZone', fault: 'crash-after' }],
      crash: () => void (crashes += 1),
    });

    await errorOf(account.client(Route53Client, REGION).send(new GetHostedZoneCommand({ Id: 'Z0' })));

    expect(crashes).toBe(1);
  });
});
