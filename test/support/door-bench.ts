import { connect } from 'node:net';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import type { CreateRouteRequest, CreateStageRequest } from '@aws-sdk/client-apigatewayv2';
import type { Door, EmbeddedOptions } from '../../src/embedded/index.ts';
import { ACCOUNT, REGION, benchOf } from './http-api.ts';
import type { ApiBench } from './http-api.ts';
import { openTestFunctions } from './lambda.ts';
import type { TestFunctions } from './lambda.ts';

/** Answers with the event that it got. */
export const ECHO = `export const handler = async (event) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(event),
});`;

export interface ServedApi extends ApiBench {
  readonly functions: TestFunctions;
  readonly door: Door;
  readonly ApiId: string;
  readonly RouteId: string;
  readonly IntegrationId: string;
  /** Of the API at the door. */
  readonly url: string;
  /** A metric's sum up to now. */
  sum(Namespace: string, MetricName: string, dimensions: Readonly<Record<string, string>>): Promise<number | undefined>;
  /** How often the function ran. */
  ran(): Promise<number>;
}

export interface ServedOptions {
  readonly source?: string;
  readonly route?: Partial<CreateRouteRequest>;
  readonly stage?: Partial<CreateStageRequest>;
  readonly timeout?: number;
  /** Behind `arn:aws:execute-api:REGION:ACCOUNT:API/` in the function's policy; undefined: no permission at all. */
  readonly permission?: string | undefined;
  readonly account?: EmbeddedOptions;
}

/** An API with one route to one function, open at the door. */
export async function serveApi(options: ServedOptions = {}): Promise<ServedApi> {
  const functions = openTestFunctions(options.account ?? {});
  const { account, client } = functions;
  await functions.create('answers', options.source ?? ECHO);
  const bench = benchOf(account);
  const ApiId = await bench.api();
  const IntegrationId = await bench.integration(ApiId, {
    ...(options.timeout !== undefined && { TimeoutInMillis: options.timeout }),
  });
  const RouteId = await bench.route(ApiId, { Target: `integrations/${IntegrationId}`, ...options.route });
  await bench.stage(ApiId, options.stage);
  const permission = 'permission' in options ? options.permission : '$default/POST/survival';
  if (permission !== undefined) {
    await client.send(
      new AddPermissionCommand({
        FunctionName: 'answers',
        StatementId: 'gateway',
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:${ApiId}/${permission}`,
      }),
    );
  }
  const door = await account.serve();
  const cloudwatch = account.client(CloudWatchClient, { region: REGION });
  async function sum(Namespace: string, MetricName: string, dimensions: Readonly<Record<string, string>>) {
    const { Datapoints } = await cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace,
        MetricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        StartTime: new Date(account.now() - 12 * 3600_000),
        EndTime: new Date(account.now() + 60_000),
        Period: 86_400,
        Statistics: ['Sum'],
      }),
    );
    const sums = Datapoints!.map(({ Sum }) => Sum ?? 0);
    return sums.length === 0 ? undefined : sums.reduce((total, value) => total + value, 0);
  }
  const ran = async () => (await sum('AWS/Lambda', 'Invocations', { FunctionName: 'answers' })) ?? 0;
  return { ...bench, functions, door, ApiId, RouteId, IntegrationId, url: door.urlOf(ApiId), sum, ran };
}

/** What a server answers to octets that no client would send; ends when the server closes, or after a while. */
export function sendRaw(url: string, octets: string, wait = 2000): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(octets, 'latin1'));
    let answer = '';
    const timer = setTimeout(() => socket.destroy(), wait);
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}
