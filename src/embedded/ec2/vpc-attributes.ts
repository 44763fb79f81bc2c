import type {
  DescribeVpcAttributeRequest,
  DescribeVpcAttributeResult,
  ModifyVpcAttributeRequest,
} from '@aws-sdk/client-ec2';
import type { CallContext } from '../service.ts';
import { invalidCombination, invalidParameter, missingParameter } from './errors.ts';
import { need, put } from './kind.ts';
import { VPC } from './model.ts';

export function describeVpcAttribute(
  input: DescribeVpcAttributeRequest,
  context: CallContext,
): DescribeVpcAttributeResult {
  const { id: VpcId, dnsSupport, dnsHostnames, usageMetrics } = need(VPC, input.VpcId, context);
  switch (input.Attribute) {
    case 'enableDnsSupport':
      return { VpcId, EnableDnsSupport: { Value: dnsSupport } };
    case 'enableDnsHostnames':
      return { VpcId, EnableDnsHostnames: { Value: dnsHostnames } };
    case 'enableNetworkAddressUsageMetrics':
      return { VpcId, EnableNetworkAddressUsageMetrics: { Value: usageMetrics } };
    case undefined:
      throw missingParameter('attribute');
    default:
      throw invalidParameter(
        `Value (${String(input.Attribute)}) for parameter attribute is invalid. Unknown attribute.`,
      );
  }
}

/** "You cannot modify the DNS resolution and DNS hostnames attributes in the same request." */
export function modifyVpcAttribute(input: ModifyVpcAttributeRequest, context: CallContext): object {
  const vpc = need(VPC, input.VpcId, context);
  const changes = {
    dnsSupport: input.EnableDnsSupport?.Value,
    dnsHostnames: input.EnableDnsHostnames?.Value,
    usageMetrics: input.EnableNetworkAddressUsageMetrics?.Value,
  };
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  if (given.length === 0) throw missingParameter('attribute');
  if (given.length > 1) throw invalidCombination('Fields for multiple attribute types specified');
  const changed = { ...vpc, ...Object.fromEntries(given) };
  if (changes.dnsHostnames === true && !vpc.dnsSupport) {
    throw invalidParameter('DNS hostnames can only be enabled when DNS support is enabled.');
  }
  put(VPC, vpc.id, changed, context);
  return {};
}
