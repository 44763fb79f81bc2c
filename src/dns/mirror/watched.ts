import { labelsOf } from '../name.ts';
import { RR } from '../rr-types.ts';
import type { RRsetChange } from '../types.ts';
import { findingOver } from './findings.ts';
import type { MirrorFinding } from './findings.ts';

/** RFC 8555 §8.4: who writes TXT here gets certificates for the name above. */
const ACME_LABEL = '_acme-challenge';

/** Changes that hand power to somebody: new or other delegations, and answers to certificate authorities. */
export function watchedFindings(changes: readonly RRsetChange[]): MirrorFinding[] {
  const written = changes.filter((change) => change.after !== undefined);
  return [
    ...findingOver({
      code: 'delegation-changed',
      severity: 'warning',
      names: written.filter(({ type }) => type === RR.NS || type === RR.DS).map(({ name }) => name),
      says: 'a delegation (NS or DS) is new or changes: other servers will answer for this name and all below it.',
    }),
    ...findingOver({
      code: 'acme-challenge',
      severity: 'warning',
      names: written.filter(({ name }) => labelsOf(name)[0] === ACME_LABEL).map(({ name }) => name),
      says: 'an answer to an ACME challenge is mirrored: who wrote it at the source can get certificates for the name.',
    }),
  ];
}
