import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { REGION, openTestFunctions, packDocument } from '../support/lambda.ts';

/** Posts to a URL; answers the status, or why nothing was sent. */
const POSTS = `export const handler = async ({ url }) => {
  try {
    return (await fetch(url, { method: 'POST', body: '{"text":"drift"}' })).status;
  } catch (error) {
    return (error.cause ?? error).name;
  }
};`;
const REFUSED = 'EmbeddedRefusal';
const WEBHOOK = 'ssm:/acme/slack';

/** A web server on loopback, as GitHub's API and Slack's webhooks are in a demo: its address, and what it was sent. */
async function serve() {
  const received: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      received.push(`${request.method} ${request.url} ${body}`);
      response.writeHead(201).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/** A function that is told this document. */
async function open(document: unknown) {
  const functions = openTestFunctions();
  const Environment = { Variables: { TRUEUP_DOCUMENT: packDocument(document) } };
  await functions.create('loop', POSTS, { Environment });
  return {
    account: functions.account,
    post: async (url: string) => (await functions.invoke('loop', { url })).answer,
  };
}

describe('a function reaches', () => {
  it('the APIs on loopback that its document names', async () => {
    const [source, issues, other] = [await serve(), await serve(), await serve()];
    const { post } = await open({
      source: { github: { repository: 'acme/estate', api: `${source.url}/api/v3` } },
      issue: { repository: 'acme/estate', api: issues.url },
    });

    expect(await post(`${source.url}/api/v3/repos/acme/estate`)).toBe(201);
    expect(await post(`${issues.url}/repos/acme/estate/issues`)).toBe(201);
    expect(await post(other.url)).toBe(REFUSED);
    expect(source.received).toEqual(['POST /api/v3/repos/acme/estate {"text":"drift"}']);
  });

  it.each([WEBHOOK, 'secretsmanager:acme/slack'])('the webhook on loopback that is kept as %s', async (reference) => {
    const [hook, other] = [await serve(), await serve()];
    const { account, post } = await open({ notify: [{ slack: reference }] });
    account.putSecret(reference, `${hook.url}/services/T0/B0/x`, REGION);

    expect(await post(`${hook.url}/services/T0/B0/x`)).toBe(201);
    expect(await post(other.url)).toBe(REFUSED);
    expect(hook.received).toEqual(['POST /services/T0/B0/x {"text":"drift"}']);
  });

  it('the newest webhook once it is started anew', async () => {
    const [before, after] = [await serve(), await serve()];
    const { account, post } = await open({ notify: [{ slack: WEBHOOK }] });
    account.putSecret(WEBHOOK, before.url, REGION);
    expect(await post(before.url)).toBe(201);

    account.putSecret(WEBHOOK, after.url, REGION);
    account.elapse(15 * 60_000);

    expect([await post(before.url), await post(after.url)]).toEqual([REFUSED, 201]);
  });
});

describe('a function does not reach', () => {
  it.each<[string, unknown, object]>([
    ['a webhook whose secret its document does not name', { notify: [{ slack: 'ssm:/acme/other' }] }, REGION],
    ['a webhook that its document only speaks of', { comment: `see ${WEBHOOK}` }, REGION],
    ['a webhook of another region', { notify: [{ slack: WEBHOOK }] }, { region: 'us-east-1' }],
    ['a webhook of another account', { notify: [{ slack: WEBHOOK }] }, { ...REGION, account: '444455556666' }],
  ])('%s', async (_what, document, where) => {
    const hook = await serve();
    const { account, post } = await open(document);
    account.putSecret(WEBHOOK, hook.url, where);

    expect(await post(hook.url)).toBe(REFUSED);
    expect(hook.received).toEqual([]);
  });

  it('a webhook elsewhere, though its secret is named', async () => {
    const { account, post } = await open({ notify: [{ slack: WEBHOOK }] });
    account.putSecret(WEBHOOK, 'http://192.0.2.1/services/T0/B0/x', REGION);

    expect(await post('http://192.0.2.1/services/T0/B0/x')).toBe(REFUSED);
  });
});
