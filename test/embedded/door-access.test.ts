import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { UpdateRouteCommand } from '@aws-sdk/client-apigatewayv2';
import type { CreateRouteRequest } from '@aws-sdk/client-apigatewayv2';
import { CreateRoleCommand, DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey, JWTPayload } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { administratorCredentials } from '../../src/embedded/caller.ts';
import type { DummyCredentials, EmbeddedOptions } from '../../src/embedded/index.ts';
import { describeWith } from '../support/counterparts.ts';
import { allow } from '../support/embedded-iam.ts';
import { errorOf } from '../support/embedded-zone.ts';
import { ACCOUNT, REGION } from '../support/http-api.ts';
import { ECHO, serveApi } from '../support/door-bench.ts';
import type { ServedApi } from '../support/door-bench.ts';
import { sign } from '../support/signed-fetch.ts';
import type { Signing } from '../support/signed-fetch.ts';

const MINUTE = 60_000;
const BODY = '{"a":1}';
const JSON_TYPE = { 'content-type': 'application/json' };

function serveIam(account: EmbeddedOptions = {}): Promise<ServedApi> {
  return serveApi({ route: { AuthorizationType: 'AWS_IAM' }, account });
}

/** Sends what is signed, or something else. */
async function send(
  served: ServedApi,
  signing: Partial<Signing> = {},
  sent: { readonly body?: string; readonly path?: string; readonly headers?: Record<string, string> } = {},
): Promise<Response> {
  const url = `${served.url}/survival`;
  const usual = {
    credentials: administratorCredentials(ACCOUNT),
    at: served.account.now(),
    method: 'POST',
    body: BODY,
  };
  const headers = sign({ ...usual, url, ...signing });
  return fetch(sent.path === undefined ? (signing.url ?? url) : `${served.url}${sent.path}`, {
    method: 'POST',
    body: sent.body ?? BODY,
    headers: { ...JSON_TYPE, ...headers, ...sent.headers },
  });
}

async function expectForbidden(answer: Response): Promise<void> {
  expect([answer.status, await answer.json()]).toEqual([403, { message: 'Forbidden' }]);
}

async function contextOf(answer: Response): Promise<Record<string, unknown>> {
  expect(answer.status).toBe(200);
  const { requestContext } = (await answer.json()) as { requestContext: { authorizer: Record<string, unknown> } };
  return requestContext.authorizer;
}

/** A session of a role that may do what the statements say. */
async function sessionOf({ account }: ServedApi, ...statements: readonly object[]): Promise<DummyCredentials> {
  const arn = `arn:aws:iam::${ACCOUNT}:role/scientist`;
  const iam = account.client(IAMClient, { region: REGION });
  const document = (Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const AssumeRolePolicyDocument = document([
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ACCOUNT } },
  ]);
  await iam.send(new CreateRoleCommand({ RoleName: 'scientist', AssumeRolePolicyDocument }));
  const PolicyDocument = document(statements);
  await iam.send(new PutRolePolicyCommand({ RoleName: 'scientist', PolicyName: 'all', PolicyDocument }));
  const sts = account.client(STSClient, { region: REGION });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'desk', DurationSeconds: 900 }),
  );
  return {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
}

describe('a route with AWS_IAM', () => {
  it('lets in who has signed, and tells the function who it is', async () => {
    const served = await serveIam();
    expect(await contextOf(await send(served))).toEqual({
      iam: {
        accessKey: `EMBEDDED${ACCOUNT}`,
        accountId: ACCOUNT,
        callerId: expect.stringMatching(/^AIDA/) as string,
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: `arn:aws:iam::${ACCOUNT}:user/administrator`,
        userId: expect.stringMatching(/^AIDA/) as string,
      },
    });
  });

  it('takes a signature of the address of the API as well, and with a query', async () => {
    const served = await serveIam();
    const host = `${served.ApiId}.execute-api.${REGION}.amazonaws.com`;
    expect((await send(served, { path: '/survival' })).status).toBe(200);
    expect((await send(served, { path: '/survival', host })).status).toBe(200);
    const url = `${served.url}/survival?b=2&a=%2Fx&a=1`;
    expect((await send(served, { url })).status).toBe(200);
    await expectForbidden(await send(served, { path: '/other' }));
    await expectForbidden(await send(served, { host: 'example.com' }));
  });

  it('lets in nobody without a signature', async () => {
    const served = await serveIam();
    const bare = (headers = {}) => fetch(`${served.url}/survival`, { method: 'POST', body: BODY, headers });
    await expectForbidden(await bare());
    await expectForbidden(await bare({ authorization: 'Bearer abc' }));
    await expectForbidden(await bare({ authorization: 'AWS4-HMAC-SHA256 Credential=a' }));
    await expectForbidden(await bare({ authorization: `Basic ${Buffer.from('a:b').toString('base64')}` }));
    expect(await served.ran()).toBe(0);
  });

  it('lets in nobody whose request is another than was signed', async () => {
    const served = await serveIam();
    const wrong = { ...administratorCredentials(ACCOUNT), secretAccessKey: 'guessed' };
    await expectForbidden(await send(served, { credentials: wrong }));
    await expectForbidden(await send(served, {}, { body: '{"a":2}' }));
    await expectForbidden(await send(served, {}, { path: '/survival?x=1' }));
    await expectForbidden(await send(served, { method: 'GET' }));
    await expectForbidden(await send(served, { region: 'us-east-1' }));
    await expectForbidden(await send(served, { service: 's3' }));
    await expectForbidden(await send(served, { headers: { 'x-thing': '1' } }, { headers: { 'x-thing': '2' } }));
    await expectForbidden(await send(served, {}, { headers: { 'x-amz-meta': 'unsigned' } }));
    await expectForbidden(await send(served, { digest: 'UNSIGNED-PAYLOAD' }));
    expect(await served.ran()).toBe(0);
  });

  it('lets in nobody whose clock is off by more than five minutes, by the clock of the account', async () => {
    const served = await serveIam();
    const at = (minutes: number) => send(served, { at: served.account.now() + minutes * MINUTE });
    expect((await at(-5)).status).toBe(200);
    expect((await at(5)).status).toBe(200);
    await expectForbidden(await at(-5.1));
    await expectForbidden(await at(5.1));
    served.account.elapse(60 * MINUTE);
    expect((await at(0)).status).toBe(200);
  });

  it('asks IAM about the session of a role: execute-api:Invoke on the route', async () => {
    const served = await serveIam();
    const route = `arn:aws:execute-api:${REGION}:${ACCOUNT}:${served.ApiId}/$default/POST/survival`;
    const credentials = await sessionOf(served, allow('execute-api:Invoke', route));

    const { iam } = (await contextOf(await send(served, { credentials }))) as { iam: Record<string, string> };
    expect(iam['userArn']).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/scientist/desk`);
    const forged = { ...credentials, sessionToken: 'f'.repeat(64) };
    await expectForbidden(await send(served, { credentials: forged }));
    await expectForbidden(
      await send(served, { credentials: { accessKeyId: credentials.accessKeyId, secretAccessKey: 'x' } }),
    );
    const other = { accessKeyId: 'EMBUNKNOWN', secretAccessKey: 'x', sessionToken: 'y' };
    await expectForbidden(await send(served, { credentials: other }));

    const iamClient = served.account.client(IAMClient, { region: REGION });
    await iamClient.send(new DeleteRolePolicyCommand({ RoleName: 'scientist', PolicyName: 'all' }));
    await expectForbidden(await send(served, { credentials }));
    expect(await served.ran()).toBe(1);
  });

  it.each([
    ['another method', '/$default/GET/survival'],
    ['another path', '/$default/POST/other'],
    ['another stage', '/prod/POST/survival'],
  ])('does not take a policy for %s', async (_case, rest) => {
    const served = await serveIam();
    const arn = `arn:aws:execute-api:${REGION}:${ACCOUNT}:${served.ApiId}${rest}`;
    const credentials = await sessionOf(served, allow('execute-api:Invoke', arn), allow('lambda:*'));
    await expectForbidden(await send(served, { credentials }));
  });

  it('lets in nobody of another account, and no session that has ended', async () => {
    const served = await serveIam();
    await expectForbidden(await send(served, { credentials: administratorCredentials('444455556666') }));
    const credentials = await sessionOf(served, allow('*'));
    expect((await send(served, { credentials })).status).toBe(200);
    served.account.elapse(900_000);
    await expectForbidden(await send(served, { credentials }));
  });
});

describeWith('curl', 'a route with AWS_IAM, asked by curl', () => {
  it('answers its own signature', async () => {
    const curl = promisify(execFile);
    const served = await serveIam({ now: Date.now });
    const { accessKeyId, secretAccessKey, sessionToken } = await sessionOf(served, allow('execute-api:Invoke'));
    const run = async (secret: string, path: string) => {
      const { stdout } = await curl('curl', [
        '--silent',
        '--aws-sigv4',
        `aws:amz:${REGION}:execute-api`,
        '--user',
        `${accessKeyId}:${secret}`,
        '-H',
        `x-amz-security-token: ${sessionToken}`,
        '-H',
        'content-type: application/json',
        '--data-binary',
        BODY,
        `${served.url}${path}`,
      ]);
      return JSON.parse(stdout) as { body?: string; message?: string };
    };

    expect(await run(secretAccessKey, '/survival')).toMatchObject({ body: BODY });
    expect(await run('guessed', '/survival')).toEqual({ message: 'Forbidden' });
    expect(await run(secretAccessKey, '/other')).toEqual({ message: 'Not Found' });
  });
});

const ISSUER = 'https://issuer.example/';
const pair = generateKeyPair('RS256', { extractable: true });

interface TokenOptions {
  readonly key?: CryptoKey;
  readonly alg?: string;
  /** Undefined: the token names no key. */
  readonly kid?: string | undefined;
}

/** Undefined: the token has no such claim. */
type Claims = { readonly [name in keyof JWTPayload]?: JWTPayload[name] | undefined };

/** A token that is good for an hour, with what is said otherwise. */
async function token({ account }: ServedApi, claims: Claims = {}, options: TokenOptions = {}): Promise<string> {
  const { key, alg, kid } = { alg: 'RS256', kid: 'one', ...options };
  const now = Math.floor(account.now() / 1000);
  const usual = { iss: ISSUER, aud: 'survival', sub: 'ada', iat: now, exp: now + 3600 };
  const signing = new SignJWT({ ...usual, ...claims } as JWTPayload).setProtectedHeader({
    alg,
    ...(kid !== undefined && { kid }),
  });
  return signing.sign(key ?? (await pair).privateKey);
}

async function keySet(): Promise<{ keys: object[] }> {
  return { keys: [{ ...(await exportJWK((await pair).publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] };
}

async function serveJwt(route: Partial<CreateRouteRequest> = {}, issuer = ISSUER): Promise<ServedApi> {
  const served = await serveApi({ source: ECHO });
  const JwtConfiguration = { Issuer: issuer, Audience: ['other', 'survival'] };
  const AuthorizerId = await served.authorizer(served.ApiId, { JwtConfiguration });
  await served.gateway.send(
    new UpdateRouteCommand({
      ApiId: served.ApiId,
      RouteId: served.RouteId,
      AuthorizationType: 'JWT',
      AuthorizerId,
      ...route,
    }),
  );
  if (issuer === ISSUER) served.account.putSigningKeys(ISSUER, await keySet());
  return served;
}

function call({ url }: ServedApi, authorization?: string): Promise<Response> {
  const headers = { ...JSON_TYPE, ...(authorization !== undefined && { authorization }) };
  return fetch(`${url}/survival`, { method: 'POST', body: BODY, headers });
}

describe('a route with JWT', () => {
  it('lets in who has a token, and tells the function its claims', async () => {
    const served = await serveJwt();
    const good = await token(served, { groups: ['a', 'b'], level: 3 });

    const { jwt } = await contextOf(await call(served, `Bearer ${good}`));

    expect(jwt).toMatchObject({
      claims: { iss: ISSUER, aud: 'survival', sub: 'ada', groups: '[a b]', level: '3' },
      scopes: null,
    });
    expect((await call(served, good)).status).toBe(200);
  });

  it('lets in nobody without one', async () => {
    const served = await serveJwt();
    const answer = await call(served);
    expect([answer.status, await answer.json()]).toEqual([401, { message: 'Unauthorized' }]);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect((await call(served, 'Bearer ')).status).toBe(401);
    expect(await served.ran()).toBe(0);
  });

  it.each<[string, Claims]>([
    ['another issuer', { iss: 'https://issuer.example' }],
    ['another audience', { aud: 'else' }],
    ['no audience', { aud: undefined }],
    ['no end', { exp: undefined }],
    ['an end that is past', { exp: 1 }],
    ['a beginning that is to come', { nbf: 9_999_999_999 }],
    ['a making that is to come', { iat: 9_999_999_999 }],
  ])('does not take a token with %s', async (_case, claims) => {
    const served = await serveJwt();
    const answer = await call(served, `Bearer ${await token(served, claims)}`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token" error_description="[\w ]+"$/);
    expect(await served.ran()).toBe(0);
  });

  it('takes client_id where there is no audience, and one of several', async () => {
    const served = await serveJwt();
    const taken = async (claims: Claims) => (await call(served, await token(served, claims))).status;
    expect(await taken({ aud: undefined, client_id: 'survival' })).toBe(200);
    expect(await taken({ aud: 'else', client_id: 'survival' })).toBe(401);
    expect(await taken({ aud: ['else', 'other'] })).toBe(200);
  });

  it('does not take what another key signed, or none', async () => {
    const served = await serveJwt();
    const { privateKey } = await generateKeyPair('RS256');
    const status = async (text: string) => (await call(served, text)).status;
    expect(await status(await token(served, {}, { key: privateKey }))).toBe(401);
    expect(await status(await token(served, {}, { kid: 'two' }))).toBe(401);
    // The key that signed it is the only one there is, and yet the token must name it.
    expect(await status(await token(served, {}, { kid: undefined }))).toBe(401);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const [, payload = ''] = (await token(served)).split('.');
    expect(await status(`${part({ alg: 'none' })}.${payload}.`)).toBe(401);
    expect(await status('a.b.c')).toBe(401);
    // The public key as the secret of another algorithm.
    const secret = new TextEncoder().encode(JSON.stringify((await keySet()).keys[0]));
    const confused = new SignJWT({ iss: ISSUER, aud: 'survival', exp: 9_999_999_999 });
    expect(await status(await confused.setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(secret))).toBe(401);
    const elliptic = await generateKeyPair('ES256', { extractable: true });
    served.account.putSigningKeys(ISSUER, { keys: [{ ...(await exportJWK(elliptic.publicKey)), kid: 'one' }] });
    expect(await status(await token(served, {}, { key: elliptic.privateKey, alg: 'ES256' }))).toBe(401);
    expect(await served.ran()).toBe(0);
  });

  it('ends by the clock of the account', async () => {
    const served = await serveJwt();
    const good = await token(served);
    expect((await call(served, good)).status).toBe(200);
    served.account.elapse(3600_000);
    expect((await call(served, good)).status).toBe(401);
  });

  it('asks for one of the scopes of the route', async () => {
    const served = await serveJwt({ AuthorizationScopes: ['fit', 'all'] });
    const { jwt } = await contextOf(await call(served, await token(served, { scope: 'read fit' })));
    expect(jwt).toMatchObject({ scopes: ['fit'] });
    expect((await call(served, await token(served, { scp: ['all'] }))).status).toBe(200);
    const lacks = await call(served, await token(served, { scope: 'read' }));
    expect([lacks.status, await lacks.json()]).toEqual([403, { message: 'Forbidden' }]);
    expect(lacks.headers.get('www-authenticate')).toContain('Bearer scope="fit all" error="insufficient_scope"');
  });

  it('asks an issuer on this machine for its keys, and remembers them for two hours', async () => {
    let asked = 0;
    const issuer = createServer((request, response) => {
      asked += 1;
      const { port } = issuer.address() as AddressInfo;
      const found = { jwks_uri: `http://127.0.0.1:${port}/keys` };
      void keySet().then((keys) => response.end(JSON.stringify(request.url === '/keys' ? keys : found)));
    });
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void issuer.close());
    const url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    const served = await serveJwt({}, url);

    expect((await call(served, await token(served, { iss: url }))).status).toBe(200);
    expect((await call(served, await token(served, { iss: url }))).status).toBe(200);
    expect(asked).toBe(2);
    served.account.elapse(2 * 3600_000);
    expect((await call(served, await token(served, { iss: url }))).status).toBe(200);
    expect(asked).toBe(4);
  });

  it('asks nobody elsewhere', async () => {
    const served = await serveJwt({}, 'https://elsewhere.example');
    const answer = await call(served, await token(served, { iss: 'https://elsewhere.example' }));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('OIDC discovery endpoint communication error');
  });

  it('has public keys alone', async () => {
    const { account } = await serveJwt();
    const whole = { keys: [await exportJWK((await pair).privateKey)] };
    for (const keys of [whole, {}, { keys: 'x' }, { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] }]) {
      const put = Promise.resolve().then(() => account.putSigningKeys(ISSUER, keys));
      expect(await errorOf(put)).toMatchObject({ code: 'TU4015' });
    }
  });
});

it('an open route tells the function nobody', async () => {
  const served = await serveApi();
  const answer = await call(served);
  expect(((await answer.json()) as { requestContext: object }).requestContext).not.toHaveProperty('authorizer');
});
