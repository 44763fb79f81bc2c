import {
  ApiGatewayV2Client,
  GetApisCommand,
  GetRoutesCommand,
  UpdateRouteCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signerOf } from '../../aws/sign-request.ts';
import { openEmbedded } from '../../embedded/index.ts';
import type { EmbeddedAccount } from '../../embedded/index.ts';
import { packageRoot } from '../../package-root.ts';
import { REGION } from './log-lines.ts';
import type { Stage } from './stage.ts';

const DOCUMENT = 'config/stats/gene-survival.yaml';
const ONLY = '--only SurvivalService/gene-survival';
const PLAN = 'survival.json';
const EXAMPLES = join(packageRoot(), 'examples/survival');
/** Of the two genes of the example, as published. */
const PUBLISHED = [
  ['MKI67', '1.3926'],
  ['APOE', '0.9573'],
] as const;
const DIGITS = 4;

/** Hazard ratios over HTTP: a service that is planned, asked by a real client, opened by somebody, and closed again. */
export async function runSurvivalTour(stage: Stage, endpoint: string): Promise<void> {
  await deploy(stage, endpoint);
  const account = openEmbedded(join(stage.directory, 'account.json'));
  try {
    await showAnswer(stage, account);
    await showRun(stage, endpoint);
    await showDrift(stage, account, endpoint);
  } finally {
    account.close();
  }
}

async function deploy(stage: Stage, endpoint: string): Promise<void> {
  stage.heading('Which genes tell how patients fare?');
  stage.say(`${DOCUMENT} is new: Cox regression over HTTP, for callers that IAM lets in.`);
  await stage.run(`plan ${endpoint} ${ONLY} --out ${PLAN}`, {
    lines: 24,
    expect: ['Plan: 12 to create', 'who may call POST /survival'],
  });
  await stage.run(`apply ${endpoint} ${ONLY} --plan ${PLAN}`, {
    from: 'A plan right after it is empty.',
    expect: ['A plan right after it is empty.', 'Applied: 12 of 12', '/survival', 'curl --aws-sigv4'],
  });
  await stage.run(`plan ${endpoint} ${ONLY} --detailed-exitcode`, {
    lines: 1,
    expect: ['Plan: 0 to create, 0 to update'],
  });
  await stage.run(`verify ${endpoint} ${ONLY}`, { expect: ['all well'] });
  stage.say('Apply says where the service is, and how it is asked. Verify asks the function what is known already.');
}

async function showAnswer(stage: Stage, account: EmbeddedAccount): Promise<void> {
  stage.heading('A client asks it over HTTP');
  const body = readFileSync(join(EXAMPLES, 'request.json'));
  const { id } = await apiOf(account);
  const door = await account.serve();
  try {
    const url = `${door.urlOf(id)}/survival`;
    const headers = { 'content-type': 'application/json' };
    const unsigned = await fetch(url, { method: 'POST', headers, body });
    stage.check(unsigned.status === 403, 'who does not sign is not let in');
    stage.say(`A request that nobody signed: ${unsigned.status} ${await unsigned.text()}`);
    const signed = await fetch(url, { method: 'POST', headers: await signedHeaders(account, id, body), body });
    const { statistics_list: list } = (await signed.json()) as { readonly statistics_list: readonly Row[] };
    stage.check(signed.status === 200, 'a signed request is answered');
    for (const [index, [gene, published]] of PUBLISHED.entries()) {
      const { hazard = 0, pval = 0, n, events } = list[index] ?? {};
      stage.check(hazard.toFixed(DIGITS) === published, `${gene} has its published hazard ratio`);
      stage.say(
        `${gene}: hazard ratio ${hazard.toFixed(DIGITS)}, p ${pval.toPrecision(2)}, ${n} patients, ${events} events`,
      );
    }
  } finally {
    await door.close();
  }
  stage.say(
    '480 patients and two genes, as published. No name of either was in the request: rows go by their position.',
  );
}

/** Nine rows of the example were made to follow the outcome; the ninth, RAISES_5, is too weak to be told from chance. */
const FOUND = ['RAISES_1', 'RAISES_2', 'RAISES_3', 'RAISES_4', 'LOWERS_1', 'LOWERS_2', 'LOWERS_3', 'LOWERS_4'];

async function showRun(stage: Stage, endpoint: string): Promise<void> {
  stage.heading('A whole matrix');
  const tables = `--matrix ${join(EXAMPLES, 'genes.tsv')} --clinical ${join(EXAMPLES, 'clinical.tsv')}`;
  await stage.run(
    `survival run gene-survival ${endpoint} ${tables} --allow-missing --out results.tsv --plot volcano.svg`,
    { expect: [...FOUND, `Survival: 300 rows, ${FOUND.length} with q `] },
  );
  const plot = readFileSync(join(stage.directory, 'volcano.svg'), 'utf8');
  stage.check(plot.startsWith('<svg') && FOUND.every((row) => plot.includes(row)), 'the plot names what was found');
  stage.say('The tables are made up: nine of the rows follow the outcome. Eight are found, and named in the plot; the');
  stage.say('ninth, RAISES_5, is too weak to be told from chance among 300.');
}

async function showDrift(stage: Stage, account: EmbeddedAccount, endpoint: string): Promise<void> {
  stage.heading('Somebody opens the service to everybody');
  const { id: ApiId, client } = await apiOf(account);
  const { Items: [route] = [] } = await client.send(new GetRoutesCommand({ ApiId }));
  await client.send(new UpdateRouteCommand({ ApiId, RouteId: route?.RouteId, AuthorizationType: 'NONE' }));
  const DefaultRouteSettings = { ThrottlingRateLimit: 5_000, ThrottlingBurstLimit: 5_000 };
  await client.send(new UpdateStageCommand({ ApiId, StageName: '$default', DefaultRouteSettings }));
  stage.say('The authorization of the route is off, and the throttle is at 5,000.');
  await stage.run(`drift ${endpoint} ${ONLY} --detailed-exitcode`, {
    exit: 2,
    lines: 30,
    expect: ['AuthorizationType', '(UpdateRoute, exact)', 'lets anybody call its route'],
  });
  await stage.run(`apply ${endpoint} ${ONLY} --yes`, {
    from: 'A plan right after it is empty.',
    expect: ['A plan right after it is empty', 'Applied: 2 of 2'],
  });
  stage.say('Closed again. No document can say that a route is open.');
}

interface Row {
  readonly hazard?: number;
  readonly pval?: number;
  readonly n?: number;
  readonly events?: number;
}

async function apiOf(account: EmbeddedAccount): Promise<{ readonly id: string; readonly client: ApiGatewayV2Client }> {
  const client = account.client(ApiGatewayV2Client, REGION);
  const { Items: [api] = [] } = await client.send(new GetApisCommand({}));
  return { id: api?.ApiId ?? '', client };
}

/** As any client of AWS signs: by the host and path that AWS knows. */
async function signedHeaders(
  account: EmbeddedAccount,
  id: string,
  body: Uint8Array,
): Promise<Readonly<Record<string, string>>> {
  const { credentials } = account.client(ApiGatewayV2Client, REGION).config;
  const url = new URL(`https://${id}.execute-api.${REGION.region}.amazonaws.com/survival`);
  const sign = signerOf(credentials, REGION.region, 'execute-api');
  const signed = await sign(
    { method: 'POST', url, headers: { 'content-type': 'application/json' }, body },
    account.now(),
  );
  const { host: _host, ...headers } = signed;
  return headers;
}
