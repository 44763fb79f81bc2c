import { documentAddress } from '../../engine/address.ts';
import type { Document, Estate, Finding } from '../../engine/types.ts';
import { isLoop } from './loop-document.ts';
import type { ReconcileLoop } from './loop-document.ts';

/** Two loops that write to the same documents: the lease lets them act one after another, and the work is done twice. */
export function check(document: ReconcileLoop, _estate: Estate, all: readonly Document[]): readonly Finding[] {
  if (document.spec.mode === 'report') return [];
  return all
    .filter(isLoop)
    .filter(({ name, spec }) => name !== document.name && spec.mode !== 'report')
    .flatMap((other): readonly Finding[] => {
      const shared = sharedKinds(document.spec.onlyKinds, other.spec.onlyKinds);
      if (shared === undefined) return [];
      const { file, line } = other.source;
      return [
        {
          document: documentAddress(document),
          code: 'kinds-claimed-twice',
          severity: 'warning',
          message: `${documentAddress(other)} (${file}:${line}) writes to ${shared} too: one waits for the other, and each looks at all of it`,
          hint: 'divide the kinds by spec.onlyKinds, or let one of the two report',
        },
      ];
    });
}

/** In words; undefined: none. */
function sharedKinds(own: readonly string[], others: readonly string[]): string | undefined {
  if (own.length === 0 && others.length === 0) return 'all kinds';
  const shared = own.length === 0 ? others : others.length === 0 ? own : own.filter((kind) => others.includes(kind));
  return shared.length === 0 ? undefined : [...shared].sort().join(', ');
}
