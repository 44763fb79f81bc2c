import type {
  Deployment,
  GetDeploymentRequest,
  GetDeploymentsRequest,
  GetDeploymentsResponse,
} from '@aws-sdk/client-apigatewayv2';
import type { CallContext } from '../service.ts';
import type { Transaction } from '../store/database.ts';
import {
  authorizers,
  childKey,
  childrenOf,
  deployments,
  integrations,
  needApi,
  needChild,
  newId,
  routes,
  stages,
} from './model.ts';
import type { Served, StoredApi, StoredDeployment, StoredStage } from './model.ts';
import { listPage } from './pages.ts';

const ID_LENGTH = 6;
/** Deployments that are kept of an API: none is written about, and nobody can go back to one that deployed itself. */
const KEPT = 50;

/** Every stage with AutoDeploy serves what the API has become: at once, where AWS takes seconds. */
export function redeploy(api: StoredApi, context: CallContext): void {
  const deployed = childrenOf(stages, api, context.data).filter(({ autoDeploy }) => autoDeploy);
  if (deployed.length === 0) return;
  const deploymentId = newDeployment(api, context);
  for (const stage of deployed) {
    const updated = { ...stage, deploymentId, updated: context.now };
    context.data.put(stages, childKey(api, stage.name), updated);
  }
}

/** @returns its id */
export function newDeployment(api: StoredApi, { data, now }: CallContext): string {
  const id = newId(ID_LENGTH, data);
  const before = [...childrenOf(deployments, api, data)].sort((left, right) => left.created - right.created);
  for (const old of before.slice(0, Math.max(0, before.length + 1 - KEPT))) {
    data.delete(deployments, childKey(api, old.id));
  }
  data.put(deployments, childKey(api, id), { id, created: now });
  return id;
}

/** What the API is, as of before this call. */
export function servedNow(api: StoredApi, data: Transaction): Served {
  return {
    routes: childrenOf(routes, api, data),
    integrations: childrenOf(integrations, api, data),
    authorizers: childrenOf(authorizers, api, data),
  };
}

/** What a stage serves. */
export function servedBy(stage: StoredStage, api: StoredApi, data: Transaction): Served {
  if (stage.autoDeploy) return servedNow(api, data);
  return stage.served ?? { routes: [], integrations: [], authorizers: [] };
}

export function getDeployment(input: GetDeploymentRequest, context: CallContext): Deployment {
  const api = needApi(input.ApiId, context);
  return show(needChild(deployments, 'Deployment', api, input.DeploymentId, context.data));
}

export function getDeployments(input: GetDeploymentsRequest, context: CallContext): GetDeploymentsResponse {
  const api = needApi(input.ApiId, context);
  return listPage(childrenOf(deployments, api, context.data), ({ id }) => id, input, show);
}

function show({ id, created }: StoredDeployment): Deployment {
  return {
    AutoDeployed: true,
    CreatedDate: new Date(created),
    DeploymentId: id,
    DeploymentStatus: 'DEPLOYED',
    Description: 'Automatic deployment triggered by changes to the Api configuration',
  };
}
