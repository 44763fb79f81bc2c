import type { EmbeddedHook } from '../embedded/hook.ts';

/** How a function of the embedded account reaches it; undefined in Lambda. */
export function embeddedHook(): EmbeddedHook | undefined {
  return (globalThis as Record<symbol, unknown>)[Symbol.for('trueup.embedded')] as EmbeddedHook | undefined;
}
