import type {
  CreateFunctionRequest,
  DeleteFunctionRequest,
  FunctionConfiguration,
  GetFunctionConfigurationRequest,
  GetFunctionRequest,
  GetFunctionResponse,
  UpdateFunctionCodeRequest,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import type { CallContext } from '../service.ts';
import { acceptCode } from './code.ts';
import { conflict, notEmbedded } from './errors.ts';
import { eventConfigurations } from './event-invoke-config.ts';
import { ownFunction, parseFunctionName } from './function-name.ts';
import { checkChangeable, functionKey, functions, isUpdating, putFunction, settlingTime, stateOf } from './model.ts';
import type { StoredCode, StoredFunction } from './model.ts';
import { policies } from './policy-store.ts';
import { changedSettings, newSettings } from './settings.ts';
import { shownFunction } from './shown.ts';
import { withFunctionTags } from './tags.ts';

export function createFunction(input: CreateFunctionRequest, context: CallContext): FunctionConfiguration {
  const { data, now } = context;
  refuseVersions(input);
  if (input.CodeSigningConfigArn !== undefined) throw notEmbedded('code signing');
  if (input.PackageType === 'Image') throw notEmbedded('container images');
  const { qualifier: _none, ...place } = parseFunctionName(input.FunctionName, context);
  if (data.get(functions, functionKey(place)) !== undefined) throw conflict(`Function already exist: ${place.name}`);
  const settings = newSettings(input, context);
  const stored: StoredFunction = {
    ...place,
    settings,
    code: acceptCode(input.Code ?? {}, input.Architectures ?? ['x86_64']),
    modified: now,
    activeFrom: now + settlingTime(settings),
    updatedFrom: now,
    deployment: data.next('lambda/deployments'),
    tags: withFunctionTags({}, input.Tags),
  };
  putFunction(data, stored);
  return shownFunction(stored, now);
}

export function getFunctionConfiguration(
  input: GetFunctionConfigurationRequest,
  context: CallContext,
): FunctionConfiguration {
  return shownFunction(ownFunction(input, context), context.now);
}

/** The code is not kept, so that there is no location to download it from. */
export function getFunction(input: GetFunctionRequest, context: CallContext): GetFunctionResponse {
  const found = ownFunction(input, context);
  const { reservedConcurrency, tags } = found;
  return {
    Configuration: shownFunction(found, context.now),
    Code: { RepositoryType: 'Embedded', Location: `the code is not kept: SHA-256 ${found.code.sha256}` },
    ...(Object.keys(tags).length > 0 && { Tags: { ...tags } }),
    ...(reservedConcurrency !== undefined && { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
  };
}

export function updateFunctionCode(input: UpdateFunctionCodeRequest, context: CallContext): FunctionConfiguration {
  refuseVersions(input);
  const found = ownFunction(input, context);
  checkChangeable(found, input.RevisionId, context.now);
  const code = acceptCode(input, input.Architectures ?? found.code.architectures);
  if (input.DryRun === true) return shownFunction({ ...found, code }, context.now);
  return change(found, { code }, context);
}

export function updateFunctionConfiguration(
  input: UpdateFunctionConfigurationRequest,
  context: CallContext,
): FunctionConfiguration {
  const found = ownFunction(input, context);
  checkChangeable(found, input.RevisionId, context.now);
  return change(found, { settings: changedSettings(found.settings, input, context) }, context);
}

function change(
  found: StoredFunction,
  what: { readonly code: StoredCode } | Pick<StoredFunction, 'settings'>,
  { data, now }: CallContext,
): FunctionConfiguration {
  const changed = { ...found, ...what, modified: now, deployment: data.next('lambda/deployments') };
  const updated = { ...changed, updatedFrom: now + settlingTime(changed.settings) };
  putFunction(data, updated);
  return shownFunction(updated, now);
}

export function deleteFunction(input: DeleteFunctionRequest, context: CallContext): object {
  const found = ownFunction(input, context);
  const { data, now } = context;
  if (stateOf(found, now) === 'Pending' || isUpdating(found, now)) {
    throw conflict('The operation cannot be performed at this time. The function is currently being updated.');
  }
  data.delete(functions, functionKey(found));
  data.delete(policies, functionKey(found));
  data.delete(eventConfigurations, functionKey(found));
  return {};
}

function refuseVersions(input: {
  readonly Publish?: boolean | undefined;
  readonly PublishTo?: string | undefined;
}): void {
  if (input.Publish === true || input.PublishTo !== undefined) throw notEmbedded('versions of functions');
}
