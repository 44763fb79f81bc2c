import { documentAddress } from '../engine/address.ts';
import type { Document, VerifyResult } from '../engine/types.ts';
import { kindOf } from '../engine/world.ts';
import type { World } from '../engine/world.ts';
import { worldOptions } from './plan.ts';
import type { CommandOptions } from './plan.ts';
import type { Project } from './project.ts';
import { select } from './selection.ts';
import { connect, createWorld } from './world.ts';

/** Asks what was deployed whether it works. Writes nothing. */
export async function verify(project: Project, options: CommandOptions): Promise<VerifyResult> {
  const chosen = worldOptions(options, { role: 'plan', listing: 'when-moved' });
  const world = createWorld(project, connect(project, chosen), chosen);
  const documents = select(project.documents, options);
  const checks = (await Promise.all(documents.map((document) => checksOf(world, document)))).flat();
  return { format: 'trueup/verify@1', ok: checks.every(({ ok }) => ok), checks, calls: world.calls() };
}

async function checksOf(world: World, document: Document): Promise<VerifyResult['checks']> {
  const address = documentAddress(document);
  try {
    const checks = (await kindOf(world, document).verify?.(document, world.estate)) ?? [];
    return checks.map((check) => ({ document: address, ...check }));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [{ document: address, name: 'function', ok: false, detail }];
  }
}
