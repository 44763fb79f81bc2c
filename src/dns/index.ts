/** The library entry `trueup/dns`: zones from the wire and from master files, compared and packed for Route 53. */
export { packBatches } from './batches.ts';
export type { Batch, BatchChange, Packing, Phase } from './batches.ts';
export { changeFingerprint, diffZones, zoneDigest } from './diff.ts';
export type { ZoneDiff } from './diff.ts';
export { formatMasterFile, parseMasterFile } from './master-file.ts';
export { TransferError } from './transfer/errors.ts';
export type { ServerOptions } from './transfer/options.ts';
export { queryRRset } from './transfer/rrset-query.ts';
export { transferZone } from './transfer/transfer.ts';
export type { TransferOptions, TransferResult } from './transfer/transfer.ts';
export type * from './types.ts';
