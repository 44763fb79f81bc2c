import { read, write } from '../service.ts';
import type { Service } from '../service.ts';
import { throttling } from '../throttling.ts';
import { getChange } from './change-info.ts';
import { changeResourceRecordSets } from './changes.ts';
import { priorRequestNotComplete } from './errors.ts';
import { createProtections, deleteProtections, listProtections } from './protections.ts';
import { getAccountLimit, getHostedZoneLimit } from './limits.ts';
import { listResourceRecordSets } from './records.ts';
import { changeTags, listTags, listTagsForResources } from './tags.ts';
import { associateVpc, createAuthorization, deleteAuthorization, disassociateVpc, listAuthorizations } from './vpcs.ts';
import { listHostedZones, listHostedZonesByName, listHostedZonesByVpc } from './zone-lists.ts';
import {
  createHostedZone,
  deleteHostedZone,
  getHostedZone,
  getHostedZoneCount,
  updateHostedZoneComment,
} from './zones.ts';

/** Hosted zones and their records, as the API reference and the Developer Guide describe them. */
export const route53: Service = {
  eventSource: 'route53.amazonaws.com',
  actionPrefix: 'route53',
  deniedName: 'AccessDenied',
  secretFields: [],
  throttled: (command) => (command === 'ChangeResourceRecordSets' ? priorRequestNotComplete() : throttling()),
  operations: {
    AssociateVPCWithHostedZone: write(associateVpc),
    ChangeResourceRecordSets: write(changeResourceRecordSets),
    ChangeTagsForResource: write(changeTags),
    CreateHostedZone: write(createHostedZone),
    CreateResourceRecordSetProtections: write(createProtections),
    CreateVPCAssociationAuthorization: write(createAuthorization),
    DeleteHostedZone: write(deleteHostedZone),
    DeleteResourceRecordSetProtections: write(deleteProtections),
    DeleteVPCAssociationAuthorization: write(deleteAuthorization),
    DisassociateVPCFromHostedZone: write(disassociateVpc),
    GetAccountLimit: read(getAccountLimit),
    GetChange: read(getChange),
    GetHostedZone: read(getHostedZone),
    GetHostedZoneCount: read(getHostedZoneCount),
    GetHostedZoneLimit: read(getHostedZoneLimit),
    ListHostedZones: read(listHostedZones),
    ListHostedZonesByName: read(listHostedZonesByName),
    ListHostedZonesByVPC: read(listHostedZonesByVpc),
    ListResourceRecordSetProtections: read(listProtections),
    ListResourceRecordSets: read(listResourceRecordSets),
    ListTagsForResource: read(listTags),
    ListTagsForResources: read(listTagsForResources),
    ListVPCAssociationAuthorizations: read(listAuthorizations),
    UpdateHostedZoneComment: write(updateHostedZoneComment),
  },
};
