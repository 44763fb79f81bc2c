import type { CreateEventSourceMappingRequest } from '@aws-sdk/client-lambda';
import { read, write } from '../service.ts';
import type { Access, Service } from '../service.ts';
import { getAccountSettings } from './account-settings.ts';
import { deleteFunctionConcurrency, getFunctionConcurrency, putFunctionConcurrency } from './concurrency.ts';
import { tooManyRequests } from './errors.ts';
import { deleteEventInvokeConfig, getEventInvokeConfig, putEventInvokeConfig } from './event-invoke-config.ts';
import { createMapping, deleteMapping, getMapping, listMappings, updateMapping } from './event-source-mappings.ts';
import { listFunctions } from './function-list.ts';
import { mappingArn, mappings, mappingKey } from './event-sources.ts';
import { arnBehind } from './function-name.ts';
import { invoke } from './invoke.ts';
import {
  createFunction,
  deleteFunction,
  getFunction,
  getFunctionConfiguration,
  updateFunctionCode,
  updateFunctionConfiguration,
} from './lifecycle.ts';
import { addPermission, getPolicy, removePermission } from './permissions.ts';
import { getRecursionConfig, putRecursionConfig } from './recursion-config.ts';
import { functionArn } from './model.ts';
import { requestTagKeys, resourceTagKeys } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { listTags, tagResource, taggedResources, untagResource } from './tags.ts';

/** Every action on one function names it (Service Authorization Reference, "AWS Lambda"). */
const onFunction: Access<{ readonly FunctionName?: string | undefined }> = { resource: arnBehind };

const onResource: Access<{ readonly Resource?: string | undefined }> = {
  resource: ({ Resource }) => Resource ?? '*',
};

const withTags = {
  ...onResource,
  conditions: ({ Tags: tags }: { readonly Tags?: Tags | undefined }) => requestTagKeys(tags ?? {}),
};

const withPrincipal = {
  ...onFunction,
  conditions: ({ Principal }: { readonly Principal?: string | undefined }) => ({ 'lambda:Principal': Principal ?? '' }),
};

interface OfMapping {
  readonly UUID: string | undefined;
}

/** The function of a mapping is a condition key (Service Authorization Reference, "AWS Lambda"). */
const onMapping: Access<OfMapping> = {
  resource: ({ UUID: id = '' }, { caller, region }) => mappingArn({ account: caller.account, region, id }),
  conditions({ UUID: id = '' }, { caller, region, data }) {
    const mapping = data.get(mappings, mappingKey({ account: caller.account, region, id }));
    if (mapping === undefined) return {};
    const { account, functionName: name, tags } = mapping;
    return { 'lambda:FunctionArn': functionArn({ account, region, name }), ...resourceTagKeys(tags) };
  },
};

const toCreateMapping: Access<CreateEventSourceMappingRequest> = {
  conditions: (input, context) => ({
    'lambda:FunctionArn': arnBehind(input, context),
    ...requestTagKeys(input.Tags ?? {}),
  }),
};

/** Functions: what is deployed, who may invoke it, and invoking it, by queues too. Only `$LATEST`; no layers' content, no images. */
export const lambda: Service = {
  eventSource: 'lambda.amazonaws.com',
  actionPrefix: 'lambda',
  deniedName: 'AccessDeniedException',
  secretFields: ['Code', 'Environment', 'Payload', 'ZipFile'],
  throttled: () => tooManyRequests('CallerRateLimitExceeded'),
  operations: {
    AddPermission: write(addPermission, withPrincipal),
    CreateEventSourceMapping: write(createMapping, toCreateMapping),
    CreateFunction: write(createFunction, onFunction),
    DeleteEventSourceMapping: write(deleteMapping, onMapping),
    DeleteFunction: write(deleteFunction, onFunction),
    DeleteFunctionConcurrency: write(deleteFunctionConcurrency, onFunction),
    DeleteFunctionEventInvokeConfig: write(deleteEventInvokeConfig, onFunction),
    GetAccountSettings: read(getAccountSettings),
    GetEventSourceMapping: read(getMapping, onMapping),
    GetFunction: read(getFunction, onFunction),
    GetFunctionConcurrency: read(getFunctionConcurrency, onFunction),
    GetFunctionConfiguration: read(getFunctionConfiguration, onFunction),
    GetFunctionEventInvokeConfig: read(getEventInvokeConfig, onFunction),
    GetFunctionRecursionConfig: read(getRecursionConfig, onFunction),
    GetPolicy: read(getPolicy, onFunction),
    Invoke: write(invoke, { ...onFunction, action: 'lambda:InvokeFunction' }),
    ListEventSourceMappings: read(listMappings),
    ListFunctions: read(listFunctions),
    ListTags: read(listTags, onResource),
    PutFunctionConcurrency: write(putFunctionConcurrency, onFunction),
    PutFunctionEventInvokeConfig: write(putEventInvokeConfig, onFunction),
    PutFunctionRecursionConfig: write(putRecursionConfig, onFunction),
    RemovePermission: write(removePermission, onFunction),
    TagResource: write(tagResource, withTags),
    UntagResource: write(untagResource, onResource),
    UpdateEventSourceMapping: write(updateMapping, onMapping),
    UpdateFunctionCode: write(updateFunctionCode, onFunction),
    UpdateFunctionConfiguration: write(updateFunctionConfiguration, onFunction),
  },
  tagged: taggedResources,
};
