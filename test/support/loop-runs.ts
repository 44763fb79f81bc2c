import { readTree } from '../../src/engine/config/tree.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import type { LoopAnswer, LoopMode, LoopRequest } from '../../src/operations/loop/types.ts';
import { runLoop } from '../../src/operations/loop/run-loop.ts';
import { packTree } from '../../src/bundle/bundle.ts';
import type { Cell } from '../../src/resources/cell/types.ts';
import { join } from 'node:path';
import type { TestEstate } from './estate.ts';

/** What a loop remembers, without an account. */
export function memoryCell(): Cell & { readonly writes: () => number } {
  let stored: { text: string; version: string } | undefined;
  let writes = 0;
  function put(text: string): Promise<string> {
    writes += 1;
    stored = { text, version: String(writes) };
    return Promise.resolve(stored.version);
  }
  return {
    read: async () => stored && { ...stored },
    create: async (text) => (stored ? undefined : put(text)),
    replace: async (text, version) => (stored?.version === version ? put(text) : undefined),
    writes: () => writes,
  };
}

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
