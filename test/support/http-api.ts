import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import type {
  CreateApiRequest,
  CreateAuthorizerRequest,
  CreateIntegrationRequest,
  CreateRouteRequest,
  CreateStageRequest,
} from '@aws-sdk/client-apigatewayv2';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount, EmbeddedOptions } from '../../src/embedded/index.ts';

export const REGION = 'eu-west-1';
export const ACCOUNT = '111122223333';
export const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:answers`;
export const START = Date.parse('2026-11-24T10:00:00Z');

/** An account with the calls that make an API, each with what is usual and one's own on top; they answer the id. */
export interface ApiBench {
  readonly account: EmbeddedAccount;
  readonly gateway: ApiGatewayV2Client;
  api(rest?: Partial<CreateApiRequest>): Promise<string>;
  integration(ApiId: string, rest?: Partial<CreateIntegrationRequest>): Promise<string>;
  authorizer(ApiId: string, rest?: Partial<CreateAuthorizerRequest>): Promise<string>;
  route(ApiId: string, rest?: Partial<CreateRouteRequest>): Promise<string>;
  stage(ApiId: string, rest?: Partial<CreateStageRequest>): Promise<void>;
}

export function benchOf(account: EmbeddedAccount): ApiBench {
  const gateway = account.client(ApiGatewayV2Client, { region: REGION });
  return {
    account,
    gateway,
    async api(rest = {}) {
      const made = await gateway.send(new CreateApiCommand({ Name: 'survival', ProtocolType: 'HTTP', ...rest }));
      return made.ApiId!;
    },
    async integration(ApiId, rest = {}) {
      const usual = {
        ApiId,
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: FUNCTION,
        PayloadFormatVersion: '2.0',
      } as const;
      return (await gateway.send(new CreateIntegrationCommand({ ...usual, ...rest }))).IntegrationId!;
    },
    async authorizer(ApiId, rest = {}) {
      const usual = {
        ApiId,
        Name: 'tokens',
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Issuer: 'https://issuer.example', Audience: ['survival'] },
      } as const;
      const input = { ...usual, IdentitySource: [...usual.IdentitySource], ...rest };
      const JwtConfiguration = rest.JwtConfiguration ?? { Issuer: 'https://issuer.example', Audience: ['survival'] };
      return (await gateway.send(new CreateAuthorizerCommand({ ...input, JwtConfiguration }))).AuthorizerId!;
    },
    async route(ApiId, rest = {}) {
      return (await gateway.send(new CreateRouteCommand({ ApiId, RouteKey: 'POST /survival', ...rest }))).RouteId!;
    },
    async stage(ApiId, rest = {}) {
      await gateway.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true, ...rest }));
    },
  };
}

export function openApiBench(options: EmbeddedOptions = {}): ApiBench {
  return benchOf(openEmbedded('memory', { now: START, account: ACCOUNT, ...options }));
}
