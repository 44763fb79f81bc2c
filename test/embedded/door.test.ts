import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteStageCommand,
  UpdateApiCommand,
  UpdateRouteCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { errorOf } from '../support/embedded-zone.ts';
import { ACCOUNT, REGION, START, benchOf } from '../support/http-api.ts';
import { sendRaw, serveApi } from '../support/door-bench.ts';
import type { ServedApi } from '../support/door-bench.ts';

const MINUTE = 60_000;
const JSON_TYPE = { 'content-type': 'application/json' };

interface Event {
  readonly headers: Record<string, string>;
  readonly requestContext: Record<string, unknown>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly [field: string]: unknown;
}

async function post(
  { url }: ServedApi,
  body: string | Uint8Array<ArrayBuffer> = '{}',
  path = '/survival',
  headers = {},
) {
  return fetch(`${url}${path}`, { method: 'POST', body, headers: { ...JSON_TYPE, ...headers } });
}

async function eventOf(answer: Response): Promise<Event> {
  expect(answer.status).toBe(200);
  return (await answer.json()) as Event;
}

async function expectPlain(answer: Response, status: number, message: string): Promise<void> {
  expect([answer.status, await answer.json()]).toEqual([status, { message }]);
  expect(answer.headers.get('content-type')).toBe('application/json');
}

/** What is sent as it stands: fetch would tidy a path up. */
function ask(base: string, method: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const { port, pathname } = new URL(base);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ port, host: '127.0.0.1', method, path: `${pathname}${path}`, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('a request', () => {
  it('reaches the function as an event of payload format 2.0', async () => {
    const served = await serveApi({ stage: { StageVariables: { level: '1' } } });
    const { ApiId } = served;

    const answer = await post(served, '{"a":"ä"}', '/survival?b=2&a=1&b=3%20x', {
      cookie: 'one=1; two=2',
      'X-Thing': 'seen',
      'user-agent': 'test',
    });
    const event = await eventOf(answer);

    const domainName = `${ApiId}.execute-api.${REGION}.amazonaws.com`;
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'POST /survival',
      rawPath: '/survival',
      rawQueryString: 'b=2&a=1&b=3%20x',
      cookies: ['one=1', 'two=2'],
      headers: {
        accept: '*/*',
        'accept-encoding': expect.any(String) as string,
        'accept-language': '*',
        'content-length': '10',
        'content-type': 'application/json',
        host: domainName,
        'sec-fetch-mode': 'cors',
        'user-agent': 'test',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[\da-f]{8}-[\da-f]{24}$/) as string,
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': '443',
        'x-forwarded-proto': 'https',
        'x-thing': 'seen',
      },
      queryStringParameters: { a: '1', b: '2,3 x' },
      requestContext: {
        accountId: ACCOUNT,
        apiId: ApiId,
        domainName,
        domainPrefix: ApiId,
        http: { method: 'POST', path: '/survival', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
        requestId: answer.headers.get('apigw-requestid'),
        routeKey: 'POST /survival',
        stage: '$default',
        time: '24/Nov/2026:10:01:00 +0000',
        timeEpoch: START + MINUTE,
      },
      stageVariables: { level: '1' },
      body: '{"a":"ä"}',
      isBase64Encoded: false,
    });
    expect(answer.headers.get('date')).toBe(new Date(START + MINUTE).toUTCString());
  });

  const BODIES: readonly [string, Record<string, string>, Uint8Array<ArrayBuffer>, boolean][] = [
    ['JSON', { 'content-type': 'application/json; charset=utf-8' }, new TextEncoder().encode('{}'), false],
    ['another JSON', { 'content-type': 'application/problem+json' }, new TextEncoder().encode('{}'), false],
    ['text', { 'content-type': 'text/plain' }, new TextEncoder().encode('x'), false],
    ['octets', { 'content-type': 'application/octet-stream' }, new Uint8Array([0, 255, 1]), true],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, new TextEncoder().encode('a=1'), true],
    ['no type', { 'content-type': '' }, new TextEncoder().encode('x'), true],
    [
      'compressed JSON',
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      new Uint8Array([31, 139]),
      true,
    ],
    ['JSON that is no UTF-8', { 'content-type': 'application/json' }, new Uint8Array([34, 255, 34]), true],
  ];

  it('has its body handed over as text or in base64', async () => {
    const served = await serveApi();
    for (const [reason, headers, body, isBase64Encoded] of BODIES) {
      const event = await eventOf(await post(served, body, '/survival', headers));
      const octets = Buffer.from(event.body!, event.isBase64Encoded ? 'base64' : 'utf8');
      expect([reason, event.isBase64Encoded, octets]).toEqual([reason, isBase64Encoded, Buffer.from(body)]);
    }
  });

  it('finds its API by the Host header too', async () => {
    const { door, ApiId } = await serveApi();
    const Host = `${ApiId}.execute-api.${REGION}.amazonaws.com`;
    expect(await ask(door.url, 'POST', 'survival', { Host })).toBe(200);
    expect(await ask(door.url, 'POST', 'survival', { Host: `other.${Host}` })).toBe(404);
    expect(await ask(door.url, 'POST', 'survival', { Host: Host.replace(REGION, 'us-east-1') })).toBe(404);
    expect(await ask(door.url, 'POST', 'survival', { Host: `${Host}.example.com` })).toBe(404);
    expect(await ask(door.url, 'POST', 'survival')).toBe(404);
  });

  it('goes to a stage by its name, and to $default otherwise', async () => {
    const served = await serveApi({ permission: '*/POST/survival' });
    await served.stage(served.ApiId, { StageName: 'beta' });
    const event = await eventOf(await post(served, '{}', '/beta/survival'));
    expect(event).toMatchObject({ rawPath: '/beta/survival', requestContext: { stage: 'beta' } });
    await served.gateway.send(new DeleteStageCommand({ ApiId: served.ApiId, StageName: '$default' }));
    await expectPlain(await post(served), 404, 'Not Found');
  });

  it('is answered nothing where the endpoint is turned off or the stage serves an older API', async () => {
    const served = await serveApi();
    const { ApiId, RouteId, gateway } = served;
    await gateway.send(new UpdateStageCommand({ ApiId, StageName: '$default', AutoDeploy: false }));
    await gateway.send(new UpdateRouteCommand({ ApiId, RouteId, RouteKey: 'POST /other' }));
    expect((await post(served)).status).toBe(200);
    expect((await post(served, '{}', '/other')).status).toBe(404);
    await gateway.send(new UpdateApiCommand({ ApiId, DisableExecuteApiEndpoint: true }));
    await expectPlain(await post(served), 404, 'Not Found');
  });
});

describe('a route', () => {
  const OTHERS: readonly [string, string][] = [
    ['GET', '/survival'],
    ['PUT', '/survival'],
    ['HEAD', '/survival'],
    ['OPTIONS', '/survival'],
    ['POST', ''],
    ['POST', '/'],
    ['POST', '/survival/'],
    ['POST', '//survival'],
    ['POST', '/Survival'],
    ['POST', '/survival/x'],
    ['POST', '/./survival'],
    ['POST', '/x/../survival'],
    ['POST', '/%73urvival'],
    ['POST', '%2fsurvival'],
    ['POST', '/survival%2f'],
    ['POST', '/survival;x=1'],
    ['POST', '/$default/survival'],
    ['POST', '/survival%00'],
  ];

  it('is taken by nothing but itself', async () => {
    const served = await serveApi();
    for (const [method, path] of OTHERS) {
      expect([method, path, await ask(served.url, method, path)]).toEqual([method, path, 404]);
    }
    expect(await served.ran()).toBe(0);
  });

  it('is the most specific one, and its variables are told', async () => {
    const served = await serveApi({ permission: '*/*' });
    const { ApiId, route, url } = served;
    const Target = `integrations/${served.IntegrationId}`;
    for (const RouteKey of ['$default', 'ANY /pets/{rest+}', 'GET /pets/{id}', 'ANY /pets/{id}', 'GET /pets/new']) {
      await route(ApiId, { RouteKey, Target });
    }
    const taken = async (method: string, path: string) => {
      const event = await eventOf(await fetch(`${url}${path}`, { method }));
      return [event['routeKey'], event['pathParameters']];
    };

    expect(await taken('GET', '/pets/new')).toEqual(['GET /pets/new', undefined]);
    expect(await taken('GET', '/pets/a%2Fb')).toEqual(['GET /pets/{id}', { id: 'a/b' }]);
    expect(await taken('PUT', '/pets/1')).toEqual(['ANY /pets/{id}', { id: '1' }]);
    expect(await taken('GET', '/pets/1/toys')).toEqual(['ANY /pets/{rest+}', { rest: '1/toys' }]);
    expect(await taken('GET', '/else')).toEqual(['$default', undefined]);
  });
});

describe('what a function answers', () => {
  const answers = (value: string) => `export const handler = async () => (${value});`;

  it('has headers and cookies', async () => {
    const value = `{ statusCode: 200, headers: { 'X-Count': 3, Connection: 'upgrade', 'Content-Length': '1' }, cookies: ['a=1', 'b=2; Secure'], body: 'whole' }`;
    const answer = await post(await serveApi({ source: answers(value) }));
    expect(answer.headers.get('x-count')).toBe('3');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2; Secure']);
    expect(answer.headers.get('connection')).not.toBe('upgrade');
    expect(await answer.text()).toBe('whole');
  });

  it('is 500 where it is malformed', async () => {
    const value = String.raw`{ statusCode: 200, headers: { a: 'b\r\nset-cookie: c=d' } }`;
    const answer = await post(await serveApi({ source: answers(value) }));
    expect(answer.headers.has('set-cookie')).toBe(false);
    await expectPlain(answer, 500, 'Internal Server Error');
  });

  it('is 500 where it throws, and tells nothing of why', async () => {
    const served = await serveApi({ source: "export const handler = async () => { throw new Error('secret'); };" });
    await expectPlain(await post(served), 500, 'Internal Server Error');
  });

  it('is 503 where it does not come in time, or the function is throttled', async () => {
    const slow = await serveApi({
      source: 'export const handler = () => new Promise((resolve) => { setTimeout(resolve, 3000); });',
      timeout: 100,
    });
    await expectPlain(await post(slow), 503, 'Service Unavailable');

    const throttled = await serveApi();
    await throttled.functions.client.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'answers', ReservedConcurrentExecutions: 0 }),
    );
    await expectPlain(await post(throttled), 503, 'Service Unavailable');
  });

  it.each([
    ['has no policy', undefined],
    ['lets in another route', '$default/GET/survival'],
    ['lets in another stage', 'beta/POST/survival'],
  ])('is 500 where the function %s', async (_case, permission) => {
    const served = await serveApi({ permission });
    await expectPlain(await post(served), 500, 'Internal Server Error');
    expect(await served.ran()).toBe(0);
  });
});

describe('a limit', () => {
  it('refuses a body above 10 MB while it is read, and one that Lambda does not take', async () => {
    const served = await serveApi({ source: 'export const handler = async (event) => ({ size: event.body.length });' });
    const of = (octets: number) => 'a'.repeat(octets);

    await expectPlain(await post(served, of(10 * 1024 * 1024 + 1)), 413, 'Request Entity Too Large');
    await expectPlain(await post(served, of(6 * 1024 * 1024)), 413, 'Request Entity Too Large');
    expect(await (await post(served, of(6 * 1024 * 1024 - 4096))).json()).toEqual({ size: 6 * 1024 * 1024 - 4096 });
    expect(await served.ran()).toBe(1);

    const { port, pathname } = new URL(served.url);
    const head = `POST ${pathname}/survival HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ntransfer-encoding: chunked\r\n\r\n`;
    const chunk = `100000\r\n${of(0x100000)}\r\n`;
    // It never ends: the answer comes before.
    expect(await sendRaw(served.url, head + chunk.repeat(11))).toContain('413 Payload Too Large');
    const waits = `POST ${pathname}/survival HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 20000000\r\n\r\n`;
    const refused = await sendRaw(served.url, waits);
    expect(refused).toMatch(/^HTTP\/1\.1 413/);
  });

  it('refuses headers above 10,240 octets', async () => {
    const served = await serveApi();
    expect((await post(served, '{}', '/survival', { 'x-long': 'a'.repeat(10_240) })).status).toBe(431);
    expect((await post(served, '{}', '/survival', { 'x-long': 'a'.repeat(9000) })).status).toBe(200);
    const { pathname } = new URL(served.url);
    const huge = `POST ${pathname}/survival HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`;
    expect(await sendRaw(served.url, huge)).toMatch(/^HTTP\/1\.1 431/);
    expect(await served.ran()).toBe(1);
  });

  it('throttles by rate and burst of the stage, by the clock of the account', async () => {
    const served = await serveApi({
      stage: { DefaultRouteSettings: { ThrottlingRateLimit: 2, ThrottlingBurstLimit: 3 } },
    });
    const statuses = async (count: number) => {
      const all: number[] = [];
      for (let sent = 0; sent < count; sent += 1) all.push((await post(served)).status);
      return all;
    };

    expect(await statuses(5)).toEqual([200, 200, 200, 429, 429]);
    served.account.elapse(500);
    expect(await statuses(2)).toEqual([200, 429]);
    served.account.elapse(60_000);
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
    await expectPlain(await post(served), 429, 'Too Many Requests');
    expect(await served.ran()).toBe(7);
  });
});

describe('HTTP that no client means', () => {
  const line = (path: string) => (target: string) => `POST ${path}${target} HTTP/1.1\r\nhost: a\r\n`;

  const ODD: readonly [string, (path: string) => string, RegExp][] = [
    [
      'both lengths',
      (p) => `${line(p)('/survival')}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      /^HTTP\/1\.1 400/,
    ],
    [
      'two lengths',
      (p) => `${line(p)('/survival')}content-length: 1\r\ncontent-length: 2\r\n\r\nab`,
      /^HTTP\/1\.1 400/,
    ],
    [
      'another coding',
      (p) => `${line(p)('/survival')}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
      /^HTTP\/1\.1 400/,
    ],
    ['a bare line feed', (p) => `POST ${p}/survival HTTP/1.1\nhost: a\n\n`, /^HTTP\/1\.1 400/],
    ['a blank before a colon', (p) => `${line(p)('/survival')}content-length : 0\r\n\r\n`, /^HTTP\/1\.1 400/],
    [
      'an absolute target',
      (p) => `POST http://127.0.0.1${p}/survival HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n`,
      /^HTTP\/1\.1 400/,
    ],
    ['octets beyond ASCII', (p) => `${line(p)('/survival\xff')}content-length: 0\r\n\r\n`, /^HTTP\/1\.1 400/],
    ['a backslash', (p) => `${line(p)('\\survival')}content-length: 0\r\n\r\n`, /^HTTP\/1\.1 400/],
    ['a fragment', (p) => `${line(p)('/survival#x')}content-length: 0\r\n\r\n`, /^HTTP\/1\.1 400/],
    ['two hosts', (p) => `${line(p)('/survival')}host: b\r\ncontent-length: 0\r\n\r\n`, /^HTTP\/1\.1 400/],
    [
      'another coding behind more headers than Node tells of',
      (p) => `${line(p)('/survival')}${'a:\r\n'.repeat(2001)}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
      /^HTTP\/1\.1 400/,
    ],
    ['HTTP/0.9', (p) => `POST ${p}/survival\r\n\r\n`, /^HTTP\/1\.1 400/],
    [
      'chunks in HTTP/1.0',
      (p) => `POST ${p}/survival HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      /^HTTP\/1\.1 400/,
    ],
    ['no host', (p) => `POST ${p}/survival HTTP/1.1\r\ncontent-length: 0\r\n\r\n`, /^HTTP\/1\.1 400/],
    ['no HTTP', () => 'hello\r\n\r\n', /^HTTP\/1\.1 400/],
    ['a tunnel', () => 'CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n', /^(?:HTTP\/1\.1 4|$)/],
  ];

  it('is refused, and nothing runs', async () => {
    const served = await serveApi();
    for (const [reason, octets, answer] of ODD) {
      const said = await sendRaw(served.url, octets(new URL(served.url).pathname), 500);
      expect([reason, said]).toEqual([reason, expect.stringMatching(answer)]);
    }
    expect(await served.ran()).toBe(0);
  });

  it('does not see a second request in a body', async () => {
    const served = await serveApi();
    const { pathname } = new URL(served.url);
    const second = `POST ${pathname}/survival HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n`;
    const first = `POST ${pathname}/survival HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ncontent-length: ${second.length}\r\nconnection: close\r\n\r\n`;

    const answer = await sendRaw(served.url, first + second, 5000);

    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(1);
    expect(await served.ran()).toBe(1);
  });
});

describe('CloudWatch', () => {
  it('hears of each request, by API and by stage, and an alarm goes off', async () => {
    const served = await serveApi({ source: "export const handler = async () => { throw new Error('no'); };" });
    const { ApiId, account, sum } = served;
    const cloudwatch = account.client(CloudWatchClient, { region: REGION });
    const Dimensions = [{ Name: 'ApiId', Value: ApiId }];
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: 'server-errors',
        Namespace: 'AWS/ApiGateway',
        MetricName: '5xx',
        Dimensions,
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      }),
    );
    await post(served);
    await post(served, '{}', '/nothing');

    for (const dimensions of [{ ApiId }, { ApiId, Stage: '$default' }]) {
      const told = async (name: string) => sum('AWS/ApiGateway', name, dimensions);
      expect([await told('Count'), await told('4xx'), await told('5xx')]).toEqual([2, 1, 1]);
      expect(await told('IntegrationLatency')).toBeGreaterThan(0);
      expect(await told('Latency')).toBeGreaterThan((await told('IntegrationLatency'))!);
    }
    const state = async () => {
      const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ['server-errors'] }));
      return MetricAlarms![0]!.StateValue;
    };
    expect(await state()).toBe('INSUFFICIENT_DATA');
    await account.advance(MINUTE);
    expect(await state()).toBe('ALARM');
    await account.advance(10 * MINUTE);
    expect(await state()).toBe('OK');
  });
});

describe('the door', () => {
  it('listens on loopback, closes twice, and goes with the account', async () => {
    const account = openEmbedded('memory');
    const one = await account.serve();
    const two = await account.serve();
    expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(one.urlOf('abc')).toBe(`${one.url}/_aws/execute-api/abc`);
    expect((await fetch(two.url)).status).toBe(404);
    await two.close();
    await two.close();
    expect(await errorOf(fetch(two.url))).toMatchObject({ message: 'fetch failed' });
    account.close();
    expect(await errorOf(fetch(one.url))).toMatchObject({ message: 'fetch failed' });
  });

  it('does not stay open when the account is closed before it is', async () => {
    const account = openEmbedded('memory');
    const opening = account.serve();
    account.close();
    const { url } = await opening;
    expect(await errorOf(fetch(url))).toMatchObject({ message: 'fetch failed' });
  });

  it('sees what somebody else does to the same file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'door-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [one, two] = [openEmbedded(join(folder, 'account.json')), openEmbedded(join(folder, 'account.json'))];
    const { urlOf } = await one.serve();
    const { api, stage, route } = benchOf(two);
    const ApiId = await api();
    await stage(ApiId);
    await route(ApiId);

    // The route leads nowhere yet.
    expect((await fetch(`${urlOf(ApiId)}/survival`, { method: 'POST' })).status).toBe(500);
    expect((await fetch(`${urlOf(ApiId)}/other`, { method: 'POST' })).status).toBe(404);
    one.close();
    two.close();
  });

  it('says what is wrong with a port', async () => {
    const account = openEmbedded('memory');
    const { url } = await account.serve();
    const taken = await errorOf(account.serve(Number(new URL(url).port)));
    expect(taken).toMatchObject({ code: 'TU4015', message: expect.stringContaining('another program') as string });
    for (const port of [-1, 0.5, 70_000]) expect(await errorOf(account.serve(port))).toMatchObject({ code: 'TU4015' });
    account.close();
  });
});
