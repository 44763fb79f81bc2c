import type { Kind } from '../../engine/types.ts';
import { check } from './check.ts';
import { compile } from './compile.ts';
import { faultsAmong } from './faults.ts';
import type { ReconcileLoop } from './loop-document.ts';
import type { ReconcileLoopSpec } from './spec.gen.ts';

/** The loop in Lambda (docs/kinds/reconcile-loop.md), in an estate whose documents are of these kinds. */
export function reconcileLoop(kinds: readonly string[]): Kind<ReconcileLoopSpec> {
  return { kind: 'ReconcileLoop', makesRoles: true, faults: faultsAmong(kinds), compile, check, summary };
}

function summary({ spec }: ReconcileLoop): string {
  const { s3, github } = spec.source;
  const source = s3 ? `s3://${s3.bucket}/${s3.key}` : `${github?.repository} at ${github?.ref}`;
  const kinds = spec.onlyKinds.length === 0 ? '' : `; ${spec.onlyKinds.join(', ')} only`;
  return `the estate as ${source} has it, ${spec.every}, mode ${spec.mode}${kinds}`;
}
