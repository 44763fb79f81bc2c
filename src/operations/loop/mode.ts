import { isLoop } from '../../reconcilers/reconcile-loop/loop-document.ts';
import type { Project } from '../project.ts';
import type { LoopMode, LoopRole } from './types.ts';

const MODES: readonly LoopMode[] = ['report', 'heal', 'apply'];

/** What a configuration lets its loop do, under whatever name it has there; one that does not declare it lets it look. */
export function modeIn({ documents }: Pick<Project, 'documents'>, address: string): LoopMode {
  const name = address.slice(address.indexOf('/') + 1);
  const own = documents.filter(isLoop).find((document) => [document.name, ...document.formerly].includes(name));
  return own?.spec.mode ?? 'report';
}

/** The role that a loop of this mode is let take (src/reconcilers/reconcile-loop/roles.ts). */
export function roleOf(mode: LoopMode): LoopRole {
  return mode === 'report' ? 'plan' : 'apply';
}

export function stricterMode(a: LoopMode, b: LoopMode): LoopMode {
  return MODES.indexOf(a) < MODES.indexOf(b) ? a : b;
}
