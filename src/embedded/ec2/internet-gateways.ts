import type {
  AttachInternetGatewayRequest,
  CreateInternetGatewayRequest,
  CreateInternetGatewayResult,
  DescribeInternetGatewaysRequest,
  DescribeInternetGatewaysResult,
  InternetGateway,
} from '@aws-sdk/client-ec2';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { describe } from './describe.ts';
import { invalidParameter } from './errors.ts';
import { need, newId, put, rowsOf } from './kind.ts';
import type { Kind } from './kind.ts';
import { INTERNET_GATEWAY, VPC } from './model.ts';
import type { StoredInternetGateway } from './model.ts';
import { addSpecifiedTags, tagsOf } from './tags.ts';

const attachmentsOf = ({ Attachments = [] }: InternetGateway) => Attachments;

export const internetGateways: Kind<StoredInternetGateway, InternetGateway> = {
  ...INTERNET_GATEWAY,
  show: showGateway,
  filters: {
    // "Present only if a VPC is attached", in DescribeInternetGateways' own word for it.
    'attachment.state': (shown) => attachmentsOf(shown).map(({ State }) => State),
    'attachment.vpc-id': (shown) => attachmentsOf(shown).map(({ VpcId }) => VpcId),
    'internet-gateway-id': ({ InternetGatewayId }) => InternetGatewayId,
    'owner-id': ({ OwnerId }) => OwnerId,
  },
};

function showGateway({ id, vpc }: StoredInternetGateway, context: CallContext): InternetGateway {
  return {
    InternetGatewayId: id,
    OwnerId: context.caller.account,
    // AWS answers `available` here, a word that the model of attachments does not have.
    Attachments: vpc === undefined ? [] : [{ VpcId: vpc, State: 'available' as 'attached' }],
    Tags: tagsOf(id, context),
  };
}

export function describeInternetGateways(
  input: DescribeInternetGatewaysRequest,
  context: CallContext,
): DescribeInternetGatewaysResult {
  const { items, next } = describe(
    internetGateways,
    { ids: input.InternetGatewayIds, filters: input.Filters, maxResults: input.MaxResults, nextToken: input.NextToken },
    context,
  );
  return { InternetGateways: items, ...next };
}

export function createInternetGateway(
  input: CreateInternetGatewayRequest,
  context: CallContext,
): CreateInternetGatewayResult {
  const id = newId('igw', context);
  addSpecifiedTags(id, 'internet-gateway', input.TagSpecifications, context);
  put(INTERNET_GATEWAY, id, { id }, context);
  return { InternetGateway: showGateway({ id }, context) };
}

export function attachInternetGateway(input: AttachInternetGatewayRequest, context: CallContext): object {
  const gateway = need(INTERNET_GATEWAY, input.InternetGatewayId, context);
  const vpc = need(VPC, input.VpcId, context);
  if (gateway.vpc !== undefined) {
    throw serviceError(
      'Resource.AlreadyAssociated',
      `resource ${gateway.id} is already attached to network ${gateway.vpc}`,
    );
  }
  if (gatewayOf(vpc.id, context) !== undefined) {
    throw invalidParameter(`Network ${vpc.id} already has an internet gateway attached`);
  }
  put(INTERNET_GATEWAY, gateway.id, { ...gateway, vpc: vpc.id }, context);
  return {};
}

export function gatewayOf(vpc: string, context: CallContext): StoredInternetGateway | undefined {
  return rowsOf(INTERNET_GATEWAY, context).find((gateway) => gateway.vpc === vpc);
}
