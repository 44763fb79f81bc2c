import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import type { ApiPlace } from '../apigatewayv2/model.ts';
import { judgeBeforeLate } from '../cloudwatch/clockwork.ts';
import { recordMetric } from '../cloudwatch/metrics.ts';
import type { Host } from '../host.ts';

/** What a request came to. Times in milliseconds. */
export interface RequestOutcome {
  readonly status: number;
  readonly latency: number;
  /** Undefined: no function was asked. */
  readonly integrationLatency: number | undefined;
  /** When it came, milliseconds since the epoch. */
  readonly began: number;
}

type Value = readonly [name: string, unit: StandardUnit, value: number];

/**
 * What API Gateway tells CloudWatch of each request, by API and by API and stage (Developer guide, "Monitor CloudWatch
 * metrics for HTTP APIs"). 0 or 1 of each error, so that the average is the rate. Not modelled: DataProcessed, and the
 * metrics by route.
 */
export function publishRequest(
  host: Pick<Host, 'change'>,
  { account, region, id: ApiId }: ApiPlace,
  stage: string,
  { status, latency, integrationLatency, began }: RequestOutcome,
): void {
  const values: readonly Value[] = [
    ['Count', 'Count', 1],
    ['4xx', 'Count', status >= 400 && status < 500 ? 1 : 0],
    ['5xx', 'Count', status >= 500 ? 1 : 0],
    ['Latency', 'Milliseconds', latency],
    ...(integrationLatency === undefined ? [] : [['IntegrationLatency', 'Milliseconds', integrationLatency] as const]),
  ];
  host.change((data, now) => {
    for (const dimensions of [{ ApiId }, { ApiId, Stage: stage }]) {
      for (const [name, unit, value] of values) {
        const metric = { account, region, namespace: 'AWS/ApiGateway', name, dimensions };
        judgeBeforeLate(metric, began, now, data);
        recordMetric({ ...metric, unit, values: [value], timestamp: began }, { account, region, now, data });
      }
    }
  });
}
