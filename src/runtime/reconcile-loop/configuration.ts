import type { LoopDocument } from '../../reconcilers/reconcile-loop/loop-document.ts';
import { readFunctionDocument } from '../function-document.ts';

/** What the function is, read from its environment once. */
export function readConfiguration(environment: NodeJS.ProcessEnv): LoopDocument {
  return readFunctionDocument(environment) as LoopDocument;
}
