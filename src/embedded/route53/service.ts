import { read, write } from '../service.ts';
import type { Service } from '../service.ts';
import { throttling } from '../throttling.ts';
import { getChange } from './change-info.ts';
import { changeResourceRecordSets } from './changes.ts';
import { priorRequestNotComplete } from './errors.ts';
import { createProtections, deleteProtections, listProtections } from './protections.ts';
import { getAccountLimit, getHostedZoneLimit } from './limits.ts';
import { onChange, onTagged, onZone, onZoneById, toChangeRecords, withVpc } from './access.ts';
import { listResourceRecordSets } from './records.ts';
import { changeTags, listTagsForResources, listZoneTags, taggedZones } from './tags.ts';
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
    AssociateVPCWithHostedZone: write(associateVpc, onZone),
    ChangeResourceRecordSets: write(changeResourceRecordSets, toChangeRecords),
    ChangeTagsForResource: write(changeTags, onTagged),
    CreateHostedZone: write(createHostedZone, withVpc),
    CreateResourceRecordSetProtections: write(createProtections, onZone),
    CreateVPCAssociationAuthorization: write(createAuthorization, onZone),
    DeleteHostedZone: write(deleteHostedZone, onZoneById),
    DeleteResourceRecordSetProtections: write(deleteProtections, onZone),
    DeleteVPCAssociationAuthorization: write(deleteAuthorization, onZone),
    DisassociateVPCFromHostedZone: write(disassociateVpc, onZone),
    GetAccountLimit: read(getAccountLimit),
    GetChange: read(getChange, onChange),
    GetHostedZone: read(getHostedZone, onZoneById),
    GetHostedZoneCount: read(getHostedZoneCount),
    GetHostedZoneLimit: read(getHostedZoneLimit, onZone),
    ListHostedZones: read(listHostedZones),
    ListHostedZonesByName: read(listHostedZonesByName),
    ListHostedZonesByVPC: read(listHostedZonesByVpc, withVpc),
    ListResourceRecordSetProtections: read(listProtections, onZone),
    ListResourceRecordSets: read(listResourceRecordSets, onZone),
    ListTagsForResource: read(listZoneTags, onTagged),
    ListTagsForResources: read(listTagsForResources, onTagged),
    ListVPCAssociationAuthorizations: read(listAuthorizations, onZone),
    UpdateHostedZoneComment: write(updateHostedZoneComment, onZoneById),
  },
  tagged: taggedZones,
};
