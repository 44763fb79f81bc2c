import { isLoop } from '../../reconcilers/reconcile-loop/loop-document.ts';
import type { ReconcileLoop } from '../../reconcilers/reconcile-loop/loop-document.ts';
import type { Project } from '../project.ts';
import type { LoopMode, LoopRole, LoopSettings } from './types.ts';

const MODES: readonly LoopMode[] = ['report', 'heal', 'apply'];

/** What a loop was told, and no more than the configuration that it has taken lets it do. */
export function heeding(loop: LoopSettings, project: Pick<Project, 'documents'>): LoopSettings {
  if (!loop.heedsDocument) return loop;
  const { mode = 'report', onlyKinds = [], selfUpdate = false } = ownDocument(project, loop.address)?.spec ?? {};
  return {
    ...loop,
    mode: stricterMode(loop.mode, mode),
    heededKinds: onlyKinds,
    selfUpdate: loop.selfUpdate && selfUpdate,
  };
}

/** Is the loop about documents of this kind, by what it was told and by what it heeds? */
export function coversKind({ onlyKinds, heededKinds = [] }: LoopSettings, kind: string): boolean {
  return [onlyKinds, heededKinds].every((kinds) => kinds.length === 0 || kinds.includes(kind));
}

/** Under whatever name the configuration has it. */
function ownDocument({ documents }: Pick<Project, 'documents'>, address: string): ReconcileLoop | undefined {
  const name = address.slice(address.indexOf('/') + 1);
  return documents.filter(isLoop).find((document) => [document.name, ...document.formerly].includes(name));
}

/** The role that a loop of this mode is let take (src/reconcilers/reconcile-loop/roles.ts). */
export function roleOf(mode: LoopMode): LoopRole {
  return mode === 'report' ? 'plan' : 'apply';
}

function stricterMode(a: LoopMode, b: LoopMode): LoopMode {
  return MODES.indexOf(a) < MODES.indexOf(b) ? a : b;
}
