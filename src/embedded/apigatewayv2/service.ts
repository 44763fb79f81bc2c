import type {
  CreateApiRequest,
  CreateAuthorizerRequest,
  CreateRouteRequest,
  CreateStageRequest,
  GetApisRequest,
  TagResourceRequest,
  UntagResourceRequest,
  UpdateApiRequest,
  UpdateAuthorizerRequest,
  UpdateRouteRequest,
} from '@aws-sdk/client-apigatewayv2';
import { read, write } from '../service.ts';
import type { ConditionKeys, Service } from '../service.ts';
import { requestTagKeys } from '../tags.ts';
import { apiTagKeys, stageTagKeys, tagVerb, verb } from './access.ts';
import { getTags, tagResource, taggedApis, untagResource } from './api-tags.ts';
import { createApi, deleteApi, getApi, getApis, updateApi } from './apis.ts';
import { createAuthorizer, deleteAuthorizer, getAuthorizer, getAuthorizers, updateAuthorizer } from './authorizers.ts';
import { getDeployment, getDeployments } from './deployments.ts';
import { tooManyRequests } from './errors.ts';
import {
  createIntegration,
  deleteIntegration,
  getIntegration,
  getIntegrations,
  updateIntegration,
} from './integrations.ts';
import { IAM } from './model.ts';
import { createRoute, deleteRoute, getRoute, getRoutes, updateRoute } from './routes.ts';
import { createStage, deleteStage, getStage, getStages, updateStage } from './stages.ts';

interface InApi {
  readonly ApiId: string | undefined;
}

const ofApi = ({ ApiId }: InApi): string => `/apis/${ApiId}`;
const stagesOf = (input: InApi): string => `${ofApi(input)}/stages`;
const stageOf = (input: InApi & { StageName: string | undefined }): string => `${stagesOf(input)}/${input.StageName}`;
const routesOf = (input: InApi): string => `${ofApi(input)}/routes`;
const routeOf = (input: InApi & { RouteId: string | undefined }): string => `${routesOf(input)}/${input.RouteId}`;
const integrationsOf = (input: InApi): string => `${ofApi(input)}/integrations`;
const integrationOf = (input: InApi & { IntegrationId: string | undefined }): string =>
  `${integrationsOf(input)}/${input.IntegrationId}`;
const authorizersOf = (input: InApi): string => `${ofApi(input)}/authorizers`;
const authorizerOf = (input: InApi & { AuthorizerId: string | undefined }): string =>
  `${authorizersOf(input)}/${input.AuthorizerId}`;
const deploymentsOf = (input: InApi): string => `${ofApi(input)}/deployments`;
const deploymentOf = (input: InApi & { DeploymentId: string | undefined }): string =>
  `${deploymentsOf(input)}/${input.DeploymentId}`;

function requestKey(name: string, value: string | undefined): ConditionKeys {
  return value === undefined ? {} : { [`apigateway:Request/${name}`]: value };
}

const apiName = ({ Name, Tags }: Pick<CreateApiRequest, 'Tags'> & { Name?: string | undefined }): ConditionKeys => ({
  ...requestKey('ApiName', Name),
  ...requestTagKeys(Tags ?? {}),
});
const routeType = ({ AuthorizationType: type }: Pick<CreateRouteRequest, 'AuthorizationType'>): ConditionKeys =>
  requestKey('RouteAuthorizationType', type);
const authorizerType = ({
  AuthorizerType: type,
}: Partial<Pick<CreateAuthorizerRequest, 'AuthorizerType'>>): ConditionKeys => requestKey('AuthorizerType', type);

/**
 * HTTP APIs: routes to functions, authorization by IAM and by JSON Web Tokens, stages that deploy themselves, as the API
 * reference of Amazon API Gateway V2 describes them; `door/` lets clients in. Not modelled: WebSocket APIs, Lambda
 * authorizers, CORS, domain names, VPC links, other integrations, deployments by hand, access logs, import and export.
 */
export const apiGatewayV2: Service = {
  ...IAM,
  eventSource: 'apigateway.amazonaws.com',
  secretFields: [],
  throttled: tooManyRequests,
  operations: {
    CreateApi: write(
      createApi,
      verb<CreateApiRequest>('POST', () => '/apis', apiName),
    ),
    CreateAuthorizer: write(createAuthorizer, verb<CreateAuthorizerRequest>('POST', authorizersOf, authorizerType)),
    CreateIntegration: write(createIntegration, verb('POST', integrationsOf)),
    CreateRoute: write(createRoute, verb<CreateRouteRequest>('POST', routesOf, routeType)),
    CreateStage: write(
      createStage,
      verb<CreateStageRequest>('POST', stagesOf, ({ StageName, Tags }) => ({
        ...requestKey('StageName', StageName),
        ...requestTagKeys(Tags ?? {}),
      })),
    ),
    DeleteApi: write(deleteApi, verb('DELETE', ofApi, apiTagKeys)),
    DeleteAuthorizer: write(deleteAuthorizer, verb('DELETE', authorizerOf)),
    DeleteIntegration: write(deleteIntegration, verb('DELETE', integrationOf)),
    DeleteRoute: write(deleteRoute, verb('DELETE', routeOf)),
    DeleteStage: write(deleteStage, verb('DELETE', stageOf, stageTagKeys)),
    GetApi: read(getApi, verb('GET', ofApi, apiTagKeys)),
    GetApis: read(
      getApis,
      verb<GetApisRequest>('GET', () => '/apis'),
    ),
    GetAuthorizer: read(getAuthorizer, verb('GET', authorizerOf)),
    GetAuthorizers: read(getAuthorizers, verb('GET', authorizersOf)),
    GetDeployment: read(getDeployment, verb('GET', deploymentOf)),
    GetDeployments: read(getDeployments, verb('GET', deploymentsOf)),
    GetIntegration: read(getIntegration, verb('GET', integrationOf)),
    GetIntegrations: read(getIntegrations, verb('GET', integrationsOf)),
    GetRoute: read(getRoute, verb('GET', routeOf)),
    GetRoutes: read(getRoutes, verb('GET', routesOf)),
    GetStage: read(getStage, verb('GET', stageOf, stageTagKeys)),
    GetStages: read(getStages, verb('GET', stagesOf)),
    GetTags: read(getTags, tagVerb('GET')),
    TagResource: write(
      tagResource,
      tagVerb('POST', ({ Tags }: TagResourceRequest) => Tags ?? {}),
    ),
    UntagResource: write(
      untagResource,
      tagVerb('DELETE', ({ TagKeys }: UntagResourceRequest) => TagKeys ?? []),
    ),
    UpdateApi: write(
      updateApi,
      verb<UpdateApiRequest>('PATCH', ofApi, (input, context) => ({
        ...requestKey('ApiName', input.Name),
        ...apiTagKeys(input, context),
      })),
    ),
    UpdateAuthorizer: write(updateAuthorizer, verb<UpdateAuthorizerRequest>('PATCH', authorizerOf, authorizerType)),
    UpdateIntegration: write(updateIntegration, verb('PATCH', integrationOf)),
    UpdateRoute: write(updateRoute, verb<UpdateRouteRequest>('PATCH', routeOf, routeType)),
    UpdateStage: write(updateStage, verb('PATCH', stageOf, stageTagKeys)),
  },
  tagged: taggedApis,
};
