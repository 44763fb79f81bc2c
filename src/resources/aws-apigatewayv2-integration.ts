import {
  CreateIntegrationCommand,
  DeleteIntegrationCommand,
  GetIntegrationsCommand,
  UpdateIntegrationCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Integration } from '@aws-sdk/client-apigatewayv2';
import type { Aws } from '../aws/clients.ts';
import type { ResourceType } from '../engine/types.ts';
import { allItems } from './api-gateway/client.ts';
import { createPartType } from './api-gateway/part-type.ts';
import type { PartProperties } from './api-gateway/part-type.ts';
import { INTEGRATION, ROUTE } from './api-gateway/types.ts';
import type { MarkedTopics } from './marked-topics.ts';

/** CloudFormation's properties of AWS::ApiGatewayV2::Integration, for functions behind HTTP APIs. */
export interface IntegrationProperties extends PartProperties {
  readonly IntegrationType: 'AWS_PROXY';
  /** ARN of the function. */
  readonly IntegrationUri: string;
  readonly PayloadFormatVersion: '1.0' | '2.0';
  /** Up to 30,000 (HTTP API quotas). */
  readonly TimeoutInMillis?: number;
}

export interface IntegrationAttributes {
  readonly IntegrationId: string;
}

/** What calls a function for an HTTP API of ours. API Gateway takes as many of one function as it is asked for. */
export function createIntegrationType(
  aws: Aws,
  marked: MarkedTopics,
): ResourceType<IntegrationProperties, IntegrationAttributes> {
  return createPartType<IntegrationProperties, Integration, 'IntegrationId'>(aws, marked, {
    type: INTEGRATION,
    collection: 'integrations',
    what: 'the integration',
    managed: ['ApiId', 'IntegrationType', 'IntegrationUri', 'PayloadFormatVersion', 'TimeoutInMillis'],
    removedAfter: [ROUTE],
    key: 'IntegrationUri',
    isUsedBy: (id, { Target }) => Target === `integrations/${id}`,
    idName: 'IntegrationId',
    describe: ({ IntegrationUri }) =>
      `integration of ${typeof IntegrationUri === 'string' ? functionIn(IntegrationUri) : '(known later)'}`,
    list: (client, ApiId) => allItems((page) => client.send(new GetIntegrationsCommand({ ApiId, ...page }))),
    idOf: ({ IntegrationId = '' }) => IntegrationId,
    read: ({ IntegrationType, IntegrationUri, PayloadFormatVersion, TimeoutInMillis }) => ({
      IntegrationType: IntegrationType ?? null,
      IntegrationUri: IntegrationUri ?? null,
      PayloadFormatVersion: PayloadFormatVersion ?? null,
      TimeoutInMillis: TimeoutInMillis ?? null,
    }),
    create: (client, properties) => client.send(new CreateIntegrationCommand(requestOf(properties))),
    update: (client, ApiId, { IntegrationId }, properties) =>
      client.send(new UpdateIntegrationCommand({ ...requestOf(properties), ApiId, IntegrationId })),
    remove: (client, ApiId, IntegrationId) => client.send(new DeleteIntegrationCommand({ ApiId, IntegrationId })),
  });
}

function requestOf({
  ApiId,
  IntegrationType,
  IntegrationUri,
  PayloadFormatVersion,
  TimeoutInMillis,
}: IntegrationProperties): IntegrationProperties {
  const timeout = TimeoutInMillis === undefined ? {} : { TimeoutInMillis };
  return { ApiId, IntegrationType, IntegrationUri, PayloadFormatVersion, ...timeout };
}

function functionIn(uri: string): string {
  return uri.slice(uri.lastIndexOf(':') + 1);
}
