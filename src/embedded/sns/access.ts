import type { SubscribeInput } from '@aws-sdk/client-sns';
import type { Access, CallContext, ConditionKeys, ResourcePolicy } from '../service.ts';
import { topicAnywhere, topicTagKeys } from './model.ts';
import { policyOf } from './policy.ts';

/** Service Authorization Reference, "Amazon SNS"; other accounts get in by the topic's policy alone. */
export const BY_TOPIC: Access<{ readonly TopicArn?: string | undefined }> = {
  resource: ({ TopicArn }) => TopicArn ?? '*',
  conditions: ({ TopicArn }, context) => topicTagKeys(TopicArn, context),
  resourcePolicy: (arn, _input, context) => resourcePolicy(arn, context),
};

export const BY_ARN: Access<{ readonly ResourceArn: string | undefined }> = {
  resource: ({ ResourceArn }) => ResourceArn ?? '*',
  conditions: ({ ResourceArn }, context) => topicTagKeys(ResourceArn, context),
  resourcePolicy: (arn, _input, context) => resourcePolicy(arn, context),
};

export function subscribeKeys({ TopicArn, Protocol, Endpoint }: SubscribeInput, context: CallContext): ConditionKeys {
  return {
    ...topicTagKeys(TopicArn, context),
    ...(Protocol !== undefined && { 'sns:Protocol': Protocol }),
    ...(Endpoint !== undefined && { 'sns:Endpoint': Endpoint }),
  };
}

/** Undefined: there is no such topic in the caller's account, which the call itself will say. */
function resourcePolicy(arn: string, { caller, data }: CallContext): ResourcePolicy | undefined {
  const topic = topicAnywhere(arn, data);
  if (topic !== undefined) return { account: topic.account, document: policyOf(topic), adds: true };
  const [, , service, , account = ''] = arn.split(':');
  const isAbroad = service === 'sns' && account !== caller.account;
  return isAbroad ? { account, document: undefined, adds: true } : undefined;
}
