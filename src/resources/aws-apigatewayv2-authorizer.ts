import {
  CreateAuthorizerCommand,
  DeleteAuthorizerCommand,
  GetAuthorizersCommand,
  UpdateAuthorizerCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Authorizer, CreateAuthorizerRequest } from '@aws-sdk/client-apigatewayv2';
import type { Aws } from '../aws/clients.ts';
import type { ResourceType } from '../engine/types.ts';
import { allItems } from './api-gateway/client.ts';
import { createPartType } from './api-gateway/part-type.ts';
import type { PartProperties } from './api-gateway/part-type.ts';
import { AUTHORIZER, ROUTE } from './api-gateway/types.ts';
import type { MarkedTopics } from './marked-topics.ts';
import { inDeclaredOrder } from './tagged.ts';

/** CloudFormation's properties of AWS::ApiGatewayV2::Authorizer, for JSON Web Tokens. */
export interface AuthorizerProperties extends PartProperties {
  readonly Name: string;
  readonly AuthorizerType: 'JWT';
  /** Where the token is: `$request.header.Authorization`. */
  readonly IdentitySource: readonly string[];
  readonly JwtConfiguration: { readonly Audience: readonly string[]; readonly Issuer: string };
}

export interface AuthorizerAttributes {
  readonly AuthorizerId: string;
}

/** What checks the tokens of those who call an HTTP API of ours. */
export function createAuthorizerType(
  aws: Aws,
  marked: MarkedTopics,
): ResourceType<AuthorizerProperties, AuthorizerAttributes> {
  return createPartType<AuthorizerProperties, Authorizer, 'AuthorizerId'>(aws, marked, {
    type: AUTHORIZER,
    collection: 'authorizers',
    what: 'the authorizer',
    managed: ['ApiId', 'Name', 'AuthorizerType', 'IdentitySource', 'JwtConfiguration'],
    removedAfter: [ROUTE],
    key: 'Name',
    isUsedBy: (id, { AuthorizerId }) => AuthorizerId === id,
    idName: 'AuthorizerId',
    describe: ({ Name }) => `authorizer ${Name as string}`,
    list: (client, ApiId) => allItems((page) => client.send(new GetAuthorizersCommand({ ApiId, ...page }))),
    idOf: ({ AuthorizerId = '' }) => AuthorizerId,
    read({ Name, AuthorizerType, IdentitySource = [], JwtConfiguration }, declared) {
      const { Audience = [], Issuer = '' } = JwtConfiguration ?? {};
      const wanted = (declared as Partial<AuthorizerProperties>).JwtConfiguration;
      return {
        Name: Name ?? null,
        AuthorizerType: AuthorizerType ?? null,
        IdentitySource,
        // Any one of them will do: their order means nothing.
        JwtConfiguration: { Audience: inDeclaredOrder(wanted?.Audience, Audience, String), Issuer },
      };
    },
    create: (client, properties) => client.send(new CreateAuthorizerCommand(requestOf(properties))),
    update: (client, ApiId, { AuthorizerId }, properties) =>
      client.send(new UpdateAuthorizerCommand({ ...requestOf(properties), ApiId, AuthorizerId })),
    remove: (client, ApiId, AuthorizerId) => client.send(new DeleteAuthorizerCommand({ ApiId, AuthorizerId })),
  });
}

function requestOf({
  ApiId,
  Name,
  AuthorizerType,
  IdentitySource,
  JwtConfiguration: { Audience, Issuer },
}: AuthorizerProperties): CreateAuthorizerRequest {
  const JwtConfiguration = { Audience: [...Audience], Issuer };
  return { ApiId, Name, AuthorizerType, IdentitySource: [...IdentitySource], JwtConfiguration };
}
