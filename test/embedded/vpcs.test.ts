import {
  AssociateVPCWithHostedZoneCommand,
  CreateHostedZoneCommand,
  CreateVPCAssociationAuthorizationCommand,
  DeleteVPCAssociationAuthorizationCommand,
  DisassociateVPCFromHostedZoneCommand,
  GetHostedZoneCommand,
  ListHostedZonesByVPCCommand,
  ListVPCAssociationAuthorizationsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { createEmbeddedZone, errorOf } from '../support/embedded-zone.ts';

const REGION = { region: 'us-east-1' };

function vpc(number: number) {
  return { VPCId: `vpc-${String(number).padStart(17, '0')}`, VPCRegion: 'eu-west-1' } as const;
}

async function createPrivateZone() {
  const { account, client, id: HostedZoneId } = await createEmbeddedZone({ vpc: vpc(1) });
  const partner = account.client(Route53Client, { ...REGION, account: '444455556666' });
  return {
    client,
    partner,
    HostedZoneId,
    associate: (by: Route53Client, number: number) =>
      by.send(new AssociateVPCWithHostedZoneCommand({ HostedZoneId, VPC: vpc(number), Comment: 'why' })),
    disassociate: (by: Route53Client, number: number) =>
      by.send(new DisassociateVPCFromHostedZoneCommand({ HostedZoneId, VPC: vpc(number) })),
    authorize: (number: number) =>
      client.send(new CreateVPCAssociationAuthorizationCommand({ HostedZoneId, VPC: vpc(number) })),
    associated: async () => (await client.send(new GetHostedZoneCommand({ Id: HostedZoneId }))).VPCs,
  };
}

describe('VPCs of one account', () => {
  it('are associated and disassociated', async () => {
    const { client, associate, disassociate, associated } = await createPrivateZone();

    const { ChangeInfo: info } = await associate(client, 2);
    await disassociate(client, 1);

    expect(info).toMatchObject({ Status: 'PENDING', Comment: 'why' });
    expect(await associated()).toEqual([vpc(2)]);
  });

  it.each([
    ['a second time', 'ConflictingDomainExists', 1],
    ['of another zone with the same name', 'ConflictingDomainExists', 9],
  ])('are not associated %s', async (_what, name, number) => {
    const { client, associate } = await createPrivateZone();
    const other = { Name: 'corp.example.com', CallerReference: 'other', VPC: vpc(9) };
    await client.send(new CreateHostedZoneCommand(other));

    expect((await errorOf(associate(client, number))).name).toBe(name);
  });

  it('are not associated with a public zone', async () => {
    const { client, id } = await createEmbeddedZone();
    const command = new AssociateVPCWithHostedZoneCommand({ HostedZoneId: id, VPC: vpc(1) });

    expect((await errorOf(client.send(command))).name).toBe('PublicZoneVPCAssociation');
  });

  it('stay with the zone when they are the last', async () => {
    const { client, disassociate } = await createPrivateZone();

    expect((await errorOf(disassociate(client, 1))).name).toBe('LastVPCAssociation');
    expect((await errorOf(disassociate(client, 2))).name).toBe('VPCAssociationNotFound');
  });
});

describe('VPCs of another account', () => {
  it('need an authorization, which lasts until it is deleted', async () => {
    const { client, partner, HostedZoneId, associate, authorize, associated } = await createPrivateZone();
    const unauthorized = await errorOf(associate(partner, 2));

    await authorize(2);
    await associate(partner, 2);
    await client.send(new DeleteVPCAssociationAuthorizationCommand({ HostedZoneId, VPC: vpc(2) }));

    expect(unauthorized.name).toBe('NotAuthorizedException');
    expect(await associated()).toEqual([vpc(1), vpc(2)]);
    expect((await errorOf(associate(partner, 3))).name).toBe('NotAuthorizedException');
  });

  it('are disassociated by either account and by nobody else', async () => {
    const { client, partner, associate, authorize, disassociate, associated } = await createPrivateZone();
    await authorize(2);
    await associate(partner, 2);
    await authorize(3);
    await associate(partner, 3);

    expect((await errorOf(disassociate(partner, 1))).name).toBe('AccessDenied');
    await disassociate(partner, 2);
    await disassociate(client, 3);

    expect(await associated()).toEqual([vpc(1)]);
  });

  it('cannot be associated by the zone’s account', async () => {
    const { client, partner, associate } = await createPrivateZone();
    await partner.send(new CreateHostedZoneCommand({ Name: 'their.internal', CallerReference: '1', VPC: vpc(5) }));

    expect((await errorOf(associate(client, 5))).name).toBe('InvalidVPCId');
  });

  it('are known from EC2, before they are associated', async () => {
    const { account, client } = await createEmbeddedZone();
    const where = { region: 'eu-west-1', account: '444455556666' };
    account.putNetwork({ vpc: { id: vpc(5).VPCId } }, where);
    const zone = { Name: 'their.internal', CallerReference: '1', VPC: vpc(5) };
    const partner = account.client(Route53Client, where);

    expect((await errorOf(client.send(new CreateHostedZoneCommand(zone)))).name).toBe('InvalidVPCId');
    expect((await partner.send(new CreateHostedZoneCommand(zone))).VPC).toEqual(vpc(5));
  });

  it('find every private zone that they resolve', async () => {
    const { partner, HostedZoneId, associate, authorize } = await createPrivateZone();
    const own = { Name: 'their.internal', CallerReference: '1', VPC: vpc(2) };
    const { HostedZone: zone } = await partner.send(new CreateHostedZoneCommand(own));
    await authorize(2);
    await associate(partner, 2);

    const found: object[] = [];
    let token: string | undefined;
    for (;;) {
      const command = new ListHostedZonesByVPCCommand({ ...vpc(2), MaxItems: 1, NextToken: token });
      const page = await partner.send(command);
      found.push(...page.HostedZoneSummaries!);
      token = page.NextToken;
      if (token === undefined) break;
    }

    expect(found).toHaveLength(2);
    expect(found).toEqual(
      expect.arrayContaining([
        { HostedZoneId: HostedZoneId.slice(12), Name: 'corp.example.com.', Owner: { OwningAccount: '111122223333' } },
        { HostedZoneId: zone!.Id!.slice(12), Name: 'their.internal.', Owner: { OwningAccount: '444455556666' } },
      ]),
    );
  });
});

describe('authorizations', () => {
  it('are listed in pages of 50, each VPC once', async () => {
    const { client, HostedZoneId, authorize } = await createPrivateZone();
    for (let number = 1; number <= 52; number += 1) await authorize(number);
    await authorize(52);

    const first = await client.send(new ListVPCAssociationAuthorizationsCommand({ HostedZoneId }));
    const second = await client.send(
      new ListVPCAssociationAuthorizationsCommand({ HostedZoneId, NextToken: first.NextToken }),
    );

    expect(first.VPCs).toHaveLength(50);
    expect(second).toMatchObject({ VPCs: [vpc(51), vpc(52)] });
    expect(second.NextToken).toBeUndefined();
  });

  it('are for private zones, by their account, with tokens that were given', async () => {
    const { client, partner, HostedZoneId } = await createPrivateZone();
    const { HostedZone: zone } = await client.send(
      new CreateHostedZoneCommand({ Name: 'a.example.com', CallerReference: '2' }),
    );
    const create = (HostedZoneIdOf: string) =>
      new CreateVPCAssociationAuthorizationCommand({ HostedZoneId: HostedZoneIdOf, VPC: vpc(2) });

    expect((await errorOf(client.send(create(zone!.Id!)))).name).toBe('InvalidInput');
    expect((await errorOf(partner.send(create(HostedZoneId)))).name).toBe('AccessDenied');
    const deleting = new DeleteVPCAssociationAuthorizationCommand({ HostedZoneId, VPC: vpc(2) });
    expect((await errorOf(client.send(deleting))).name).toBe('VPCAssociationAuthorizationNotFound');
    const listing = new ListVPCAssociationAuthorizationsCommand({ HostedZoneId, NextToken: 'x' });
    expect((await errorOf(client.send(listing))).name).toBe('InvalidPaginationToken');
  });
});
