import type { ExcludeRule } from '../../dns/exclude.ts';

/** Where a mirrored zone comes from. */
export interface SourceProperties {
  /** Absolute text. */
  readonly Domain: string;
  /** `host`, `host:port` or `[v6]:port`. */
  readonly Primaries: readonly string[];
  /** Undefined: transfers are unsigned, as the document says aloud. */
  readonly Tsig?: { readonly Name: string; readonly Algorithm: string; readonly Secret: string };
  /** Who speaks to the primary: `local` only from here; `lambda` the function; `auto` from here when it can be reached. */
  readonly Via: 'auto' | 'local' | 'lambda';
}

/** What of the source the zone holds, and under which conditions it is written. */
export interface MirrorRules {
  readonly Mode: 'live' | 'reviewed';
  readonly IgnoreTtl: boolean;
  readonly Exclude: readonly ExcludeRule[];
  readonly UnsupportedTypes: 'block' | 'skip';
  readonly ApexNs: 'keep' | 'mirror';
  readonly Partial: boolean;
  readonly AllowUnsignedMirror: boolean;
  /** The serial to accept once although it went backwards. */
  readonly AcceptSerial: number | null;
}

/** All record sets of one hosted zone, as one resource. */
export interface RecordSetsProperties {
  readonly HostedZoneId: string;
  /** The zone is not ours: its name is compared before anything is written. */
  readonly Referenced: boolean;
  readonly Source: SourceProperties;
  readonly Rules: MirrorRules;
  /** Names of the functions that mirror and that only look. */
  readonly Functions: { readonly Mirror: string; readonly Plan: string };
}

export interface RecordSetsAttributes {
  readonly serial: number | null;
}

export const RECORD_SETS = 'AWS::Route53::RecordSetGroup';
