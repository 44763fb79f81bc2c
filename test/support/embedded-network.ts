import {
  AllocateAddressCommand,
  AttachInternetGatewayCommand,
  AssociateRouteTableCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import type { CreateVpcRequest } from '@aws-sdk/client-ec2';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';

export const REGION = 'eu-west-1';

/** EC2 in an embedded account in memory, for one test; every method makes one thing and gives its id. */
export interface EmbeddedNetwork {
  readonly account: EmbeddedAccount;
  readonly client: EC2Client;
  vpc(options?: Partial<CreateVpcRequest>): Promise<string>;
  subnet(vpc: string, cidr: string, zone?: string): Promise<string>;
  group(vpc: string, name: string): Promise<string>;
  internetGateway(vpc: string): Promise<string>;
  /** A public one. */
  natGateway(subnet: string): Promise<string>;
  /** A route table of its own for a subnet, with one route. */
  route(vpc: string, subnet: string, target: { GatewayId: string } | { NatGatewayId: string }): Promise<string>;
}

export function createEmbeddedNetwork(account: EmbeddedAccount = openEmbedded('memory')): EmbeddedNetwork {
  const client = account.client(EC2Client, { region: REGION });
  return {
    account,
    client,
    async vpc(options = {}) {
      const { Vpc: vpc } = await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', ...options }));
      return vpc!.VpcId!;
    },
    async subnet(VpcId, CidrBlock, zone = 'a') {
      const { Subnet: subnet } = await client.send(
        new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone: `${REGION}${zone}` }),
      );
      return subnet!.SubnetId!;
    },
    async group(VpcId, GroupName) {
      const made = await client.send(new CreateSecurityGroupCommand({ VpcId, GroupName, Description: 'a test' }));
      return made.GroupId!;
    },
    async internetGateway(VpcId) {
      const { InternetGateway: gateway } = await client.send(new CreateInternetGatewayCommand({}));
      const InternetGatewayId = gateway!.InternetGatewayId!;
      await client.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
      return InternetGatewayId;
    },
    async natGateway(SubnetId) {
      const { AllocationId } = await client.send(new AllocateAddressCommand({ Domain: 'vpc' }));
      const { NatGateway: gateway } = await client.send(new CreateNatGatewayCommand({ SubnetId, AllocationId }));
      return gateway!.NatGatewayId!;
    },
    async route(VpcId, SubnetId, target) {
      const { RouteTable: table } = await client.send(new CreateRouteTableCommand({ VpcId }));
      const RouteTableId = table!.RouteTableId!;
      await client.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', ...target }));
      await client.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
      return RouteTableId;
    },
  };
}
