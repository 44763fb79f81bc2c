import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { administratorCredentials } from '../../src/embedded/caller.ts';
import { ROOT } from '../support/cli-process.ts';
import { describeWith } from '../support/counterparts.ts';
import { createSurvivalEstate, JWT } from '../support/survival-service.ts';

const SCRIPT = join(ROOT, 'examples/survival/post.sh');
const ISSUER = 'https://login.example.com/';

interface Posted {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A deployed service, and the script that posts to it: curl reaches the embedded account under AWS' own name. */
async function deployed(spec?: readonly string[]) {
  // curl signs by the real clock.
  const estate = await createSurvivalEstate(spec, { now: Date.now() });
  expect(await estate.apply(await estate.plan())).toMatchObject({ outcome: 'applied' });
  const gateway = estate.account.client(ApiGatewayV2Client, { region: 'eu-west-1' });
  const { Items: [api] = [] } = await gateway.send(new GetApisCommand({}));
  const door = await estate.account.serve();
  writeFileSync(join(estate.directory, '.curlrc'), `connect-to = "::127.0.0.1:${new URL(door.url).port}"\n`);
  const url = `http://${api?.ApiId}.execute-api.eu-west-1.amazonaws.com/survival`;

  async function post(environment: NodeJS.ProcessEnv, ...more: readonly string[]): Promise<Posted> {
    const env = { PATH: process.env['PATH'], CURL_HOME: estate.directory, ...environment };
    const child = spawn('sh', [SCRIPT, url, ...more], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
    const [exit] = (await once(child, 'close')) as [number | null];
    return { exit, stdout, stderr };
  }

  return { estate, post, close: () => door.close() };
}

function hazardsOf({ stdout }: Posted): readonly number[] {
  const answer = JSON.parse(stdout) as { readonly statistics_list: readonly { readonly hazard: number }[] };
  return answer.statistics_list.map(({ hazard }) => Number(hazard.toPrecision(12)));
}

const PUBLISHED = [1.39263338988, 0.957292958555];

describeWith('curl', 'examples/survival/post.sh', () => {
  it('signs for a service of IAM, which answers what was published', async () => {
    const { post, close } = await deployed();
    const { accessKeyId, secretAccessKey } = administratorCredentials('111122223333');

    const posted = await post({ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
    const forged = await post({ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: 'another' });
    await close();

    expect([posted.stderr, posted.exit]).toEqual(['', 0]);
    expect(hazardsOf(posted)).toEqual(PUBLISHED);
    expect(forged).toMatchObject({ exit: 22, stdout: expect.stringContaining('Forbidden') });
  });

  it('sends a token to a service of JWT', async () => {
    const { estate, post, close } = await deployed([JWT]);
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    estate.account.putSigningKeys(ISSUER, { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' }] });
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(ISSUER)
      .setAudience('genes')
      .setIssuedAt()
      .setExpirationTime('5 minutes')
      .sign(privateKey);

    const posted = await post({ TOKEN: token });
    const refused = await post({ TOKEN: `${token.slice(0, -8)}AAAAAAAA` });
    await close();

    expect([posted.stderr, posted.exit]).toEqual(['', 0]);
    expect(hazardsOf(posted)).toEqual(PUBLISHED);
    expect(refused).toMatchObject({ exit: 22, stdout: expect.stringContaining('Unauthorized') });
  });

  it('asks for what it needs, and sends nothing without it', async () => {
    const { estate, post, close } = await deployed();
    const before = estate.account.events().length;

    const { exit, stdout, stderr } = await post({});
    await close();

    expect(exit).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain('AWS_ACCESS_KEY_ID');
    expect(estate.account.events()).toHaveLength(before);
  });
});
