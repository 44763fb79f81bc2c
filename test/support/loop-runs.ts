import { readTree } from '../../src/engine/config/tree.ts';
import type { Plan } from '../../src/engine/types.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import type { Approvals, LoopAnswer, LoopMode, LoopRequest } from '../../src/operations/loop/types.ts';
import { runLoop } from '../../src/operations/loop/run-loop.ts';
import { packTree } from '../../src/bundle/bundle.ts';
import { memoryCell } from '../../src/operations/file-cell.ts';
import type { Cell } from '../../src/resources/cell/types.ts';
import { join } from 'node:path';
import type { TestEstate } from './estate.ts';

export interface InProcess {
  readonly state?: Cell;
  readonly mode?: LoopMode;
  readonly account?: EmbeddedAccount;
  readonly generation?: number;
  readonly over?: Partial<LoopRequest>;
}

/** One invocation of a loop over the estate's configuration as it lies there, in this process. */
export async function invocation(
  estate: TestEstate,
  { state = memoryCell(), mode = 'heal', account = estate.account, generation = 1, over = {} }: InProcess,
): Promise<LoopAnswer> {
  const { files } = await readTree(join(estate.directory, 'config'));
  const commit = generation.toString(16).padStart(40, '0');
  const { statement } = packTree(files, {
    owner: 'acme-network',
    commit,
    committedAt: '2026-11-24T09:00:00Z',
    generation,
  });
  return runLoop({
    loop: {
      address: 'ReconcileLoop/main',
      owner: 'acme-network',
      account: '111122223333',
      mode,
      onlyKinds: [],
      selfUpdate: false,
      heedsDocument: false,
    },
    source: { read: async () => ({ files, commit, generation, digest: statement.digest }) },
    state,
    endpoint: { kind: 'embedded', account },
    run: 'test',
    left: () => Number.POSITIVE_INFINITY,
    stop: new AbortController().signal,
    ...over,
  });
}

/** An approval of plans, as the loop reads it. */
export function approvalOf(...plans: readonly Plan[]): Approvals {
  const copies = plans.map((plan) => ({
    digest: plan.digest,
    plan: JSON.parse(JSON.stringify(plan)) as Plan,
    approvedAt: '2026-11-24T09:30:00Z',
  }));
  return { read: async () => ({ id: 'approval', plans: copies }) };
}
