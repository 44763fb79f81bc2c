import type {
  CreateStageRequest,
  DeleteStageRequest,
  GetStageRequest,
  GetStagesRequest,
  GetStagesResponse,
  Stage,
  UpdateStageRequest,
} from '@aws-sdk/client-apigatewayv2';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { withTags } from '../tags.ts';
import { demandTagging } from './access.ts';
import { newDeployment, servedNow } from './deployments.ts';
import { badRequest, conflict, limitExceeded } from './errors.ts';
import { childKey, childrenOf, needApi, needChild, routes, stages } from './model.ts';
import type { StoredApi, StoredStage } from './model.ts';
import { listPage } from './pages.ts';
import { checkSettings } from './settings.ts';

/** "HTTP API quotas": stages per API, stage variables and their lengths. */
const MAX_STAGES = 10;
const MAX_VARIABLES = 100;
const VARIABLE_NAME = /^\w{1,64}$/;
const VARIABLE_VALUE = /^[\w.~:/?#&=,-]{1,512}$/;
/** CreateStage, StageName: letters, digits, hyphens and underscores, at most 128, or `$default`. */
const NAME = /^(?:\$default|[\w-]{1,128})$/;
const MAX_DESCRIPTION = 1024;

export function createStage(input: CreateStageRequest, context: CallContext): Stage {
  const { data, now } = context;
  const api = needApi(input.ApiId, context);
  const name = input.StageName ?? '';
  if (!NAME.test(name)) {
    throw badRequest('Stage name only allows alphanumeric characters, hyphens, and underscores, or $default');
  }
  const settings = readSettings(input, api, context);
  const tags = withTags({}, input.Tags ?? {}, badRequest);
  demandTagging({ api: '*', stage: '*' }, tags, context);
  if (data.get(stages, childKey(api, name)) !== undefined) throw conflict('Stage already exists');
  if (childrenOf(stages, api, data).length >= MAX_STAGES) throw limitExceeded('stages per API', MAX_STAGES);
  const stage: StoredStage = {
    name,
    description: '',
    autoDeploy: false,
    defaults: checkSettings({}),
    byRoute: {},
    variables: {},
    ...settings,
    created: now,
    updated: now,
    tags,
  };
  return putStage(stage.autoDeploy ? { ...stage, deploymentId: newDeployment(api, context) } : stage, api, context);
}

export function getStage(input: GetStageRequest, context: CallContext): Stage {
  const api = needApi(input.ApiId, context);
  return show(needChild(stages, 'stage', api, input.StageName, context.data));
}

export function getStages(input: GetStagesRequest, context: CallContext): GetStagesResponse {
  const api = needApi(input.ApiId, context);
  return listPage(childrenOf(stages, api, context.data), ({ name }) => name, input, show);
}

/** A stage that stops deploying by itself goes on serving what it served last. */
export function updateStage(input: UpdateStageRequest, context: CallContext): Stage {
  const api = needApi(input.ApiId, context);
  const before = needChild(stages, 'stage', api, input.StageName, context.data);
  const settings = readSettings(input, api, context);
  // Settings of routes that are not named stay: DeleteRouteSettings takes them away.
  const byRoute = { ...before.byRoute, ...settings.byRoute };
  const { served, ...rest } = { ...before, ...settings, byRoute, updated: context.now };
  if (!rest.autoDeploy) {
    const kept = before.autoDeploy ? servedNow(api, context.data) : served;
    return putStage({ ...rest, ...(kept !== undefined && { served: kept }) }, api, context);
  }
  const isNew = !before.autoDeploy;
  return putStage(isNew ? { ...rest, deploymentId: newDeployment(api, context) } : rest, api, context);
}

export function deleteStage(input: DeleteStageRequest, context: CallContext): object {
  const api = needApi(input.ApiId, context);
  const { name } = needChild(stages, 'stage', api, input.StageName, context.data);
  context.data.delete(stages, childKey(api, name));
  return {};
}

function putStage(stage: StoredStage, api: StoredApi, { data }: CallContext): Stage {
  data.put(stages, childKey(api, stage.name), stage);
  return show(stage);
}

type Settings = Pick<StoredStage, 'description' | 'autoDeploy' | 'defaults' | 'byRoute' | 'variables'>;

function readSettings(
  input: Omit<CreateStageRequest, 'Tags'>,
  api: StoredApi,
  { data }: CallContext,
): Partial<Settings> {
  if (input.DeploymentId !== undefined) throw notEmbedded('deployments by hand (DeploymentId)');
  if (input.AccessLogSettings !== undefined) throw notEmbedded('access logs of stages');
  if (input.ClientCertificateId !== undefined) {
    throw badRequest('ClientCertificateId is only supported for WebSocket APIs');
  }
  const { Description, AutoDeploy, DefaultRouteSettings, RouteSettings, StageVariables } = input;
  if ((Description?.length ?? 0) > MAX_DESCRIPTION) {
    throw badRequest(`Description must have at most ${MAX_DESCRIPTION} characters`);
  }
  const keys = new Set(childrenOf(routes, api, data).map(({ key }) => key));
  const unknown = Object.keys(RouteSettings ?? {}).find((key) => !keys.has(key));
  if (unknown !== undefined) {
    throw badRequest(`Unable to find Route by key ${unknown} within the provided RouteSettings`);
  }
  const byRoute = Object.entries(RouteSettings ?? {}).map(([key, settings]) => [key, checkSettings(settings)] as const);
  return {
    ...(Description !== undefined && { description: Description }),
    ...(AutoDeploy !== undefined && { autoDeploy: AutoDeploy }),
    ...(DefaultRouteSettings !== undefined && { defaults: checkSettings(DefaultRouteSettings) }),
    ...(RouteSettings !== undefined && { byRoute: Object.fromEntries(byRoute) }),
    ...(StageVariables !== undefined && { variables: checkVariables(StageVariables) }),
  };
}

function checkVariables(variables: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(variables);
  if (entries.length > MAX_VARIABLES) throw badRequest(`A stage can have at most ${MAX_VARIABLES} variables`);
  for (const [name, value] of entries) {
    if (!VARIABLE_NAME.test(name) || !VARIABLE_VALUE.test(value)) {
      throw badRequest(`Stage variable ${name} is not valid`);
    }
  }
  return variables;
}

function show(stage: StoredStage): Stage {
  return {
    AutoDeploy: stage.autoDeploy,
    CreatedDate: new Date(stage.created),
    DefaultRouteSettings: { ...stage.defaults },
    ...(stage.deploymentId !== undefined && { DeploymentId: stage.deploymentId }),
    ...(stage.description !== '' && { Description: stage.description }),
    ...(stage.autoDeploy && {
      LastDeploymentStatusMessage: `Successfully deployed stage with deployment ID '${stage.deploymentId}'`,
    }),
    LastUpdatedDate: new Date(stage.updated),
    RouteSettings: { ...stage.byRoute },
    StageName: stage.name,
    StageVariables: { ...stage.variables },
    Tags: { ...stage.tags },
  };
}
