import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import { denied, reasonToRefuse } from '../iam/authorize.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext, ConditionKeys } from '../service.ts';
import { requestTagKeys, resourceTagKeys, tagsFrom } from '../tags.ts';
import { INSTANCE } from './instance-model.ts';
import type { StoredInstance } from './instance-model.ts';
import { arn, find } from './kind.ts';
import { SUBNET } from './model.ts';
import { requestTags, tagRows } from './tags.ts';

/** Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2". */

interface Tagging {
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
}

/** What policies see of one object that a call is about: its tags, by two names, and what an instance is. */
export function resourceKeys(resource: string, context: CallContext): ConditionKeys {
  const [type, id] = resource.slice(resource.lastIndexOf(':') + 1).split('/');
  const instance = type === 'instance' ? find(INSTANCE, id, context) : undefined;
  const region = { 'ec2:Region': context.region };
  if (id === undefined || id === '*' || (type === 'instance' && instance === undefined)) return region;
  const tags = context.data.get(tagRows, rowKey(id, context))?.tags ?? {};
  const own = Object.entries(tags).map(([key, value]): [string, string] => [`ec2:ResourceTag/${key}`, value]);
  return {
    ...region,
    ...resourceTagKeys(tags),
    ...Object.fromEntries(own),
    ...(instance !== undefined && instanceKeys(instance, instance.id)),
  };
}

function instanceKeys(
  { type, zone, rootDevice, spot }: Pick<StoredInstance, 'type' | 'zone' | 'rootDevice' | 'spot'>,
  id?: string,
): ConditionKeys {
  return {
    'ec2:AvailabilityZone': zone,
    ...(id !== undefined && { 'ec2:InstanceID': id }),
    'ec2:InstanceMarketType': spot === undefined ? 'on-demand' : 'spot',
    'ec2:InstanceType': type,
    'ec2:RootDeviceType': rootDevice,
    'ec2:Tenancy': 'default',
  };
}

/** Objects that a new instance is made of; each must be allowed. Images belong to whoever made them. */
export function launchedArns(input: RunInstancesRequest, context: CallContext): string[] {
  return [
    arn('instance', undefined, context),
    arn('network-interface', undefined, context),
    arn('volume', undefined, context),
    `arn:aws:ec2:${context.region}::image/${input.ImageId ?? '*'}`,
    arn('subnet', input.SubnetId, context),
    ...(input.SecurityGroupIds ?? []).map((id) => arn('security-group', id, context)),
  ];
}

/** The tags of a request belong to the instance alone, and so do the keys of what it is to be. */
export function launchKeys(resource: string, input: RunInstancesRequest, context: CallContext): ConditionKeys {
  if (resource !== arn('instance', undefined, context)) return resourceKeys(resource, context);
  const zone = find(SUBNET, input.SubnetId, context)?.zone ?? '';
  const { InstanceType: type = 'm1.small', InstanceMarketOptions: market } = input;
  const spot = market === undefined ? {} : ({ spot: 'one-time' } as const);
  return {
    'ec2:Region': context.region,
    ...requestTags(input),
    ...instanceKeys({ type, zone, rootDevice: 'ebs', ...spot }),
  };
}

/**
 * Tags at the launch need the permission to tag beside the one to launch ("Grant permission to tag resources during
 * creation").
 *
 * @throws UnauthorizedOperation
 */
export function requireTagging(input: RunInstancesRequest, context: CallContext): void {
  const keys = requestTags(input);
  if (keys['aws:TagKeys'] === undefined) return;
  const action = 'ec2:CreateTags';
  const resources = [arn('instance', undefined, context)];
  const conditions = { 'ec2:Region': context.region, 'ec2:CreateAction': 'RunInstances', ...keys };
  const why = reasonToRefuse({ action, resources, conditions }, context);
  if (why !== undefined) throw denied('UnauthorizedOperation', context.caller, action, why);
}

/** The tags that are written. */
export function writtenTags({ Tags }: Tagging): ConditionKeys {
  return requestTagKeys(tagsFrom(Tags));
}

/** The tags that are taken away; a value is a key of its own only where the request has one. */
export function removedTags({ Tags = [] }: Tagging): ConditionKeys {
  const keys = Tags.map(({ Key = '' }) => Key);
  return { ...requestTagKeys(keys), ...requestTagKeysOf(Tags) };
}

function requestTagKeysOf(tags: NonNullable<Tagging['Tags']>): ConditionKeys {
  const valued = tags.filter(({ Value }) => Value !== undefined);
  return Object.fromEntries(valued.map(({ Key = '', Value = '' }) => [`aws:RequestTag/${Key}`, Value]));
}
