import { documentAddress } from '../engine/address.ts';
import type { Document, VerifyResult } from '../engine/types.ts';
import { kindOf } from '../engine/world.ts';
import type { World } from '../engine/world.ts';
import { checkRepository } from '../github/repository-checks.ts';
import type { RepositoryReader } from '../github/repository-state.ts';
import { REPOSITORY } from '../github/repository-verdict.ts';
import { worldOptions } from './plan.ts';
import type { CommandOptions } from './plan.ts';
import type { Project } from './project.ts';
import { select } from './selection.ts';
import { connect, createWorld } from './world.ts';

export interface VerifyOptions extends CommandOptions {
  /** The settings of this repository are looked at too. */
  readonly repository?: RepositoryReader;
}

/** Asks what was deployed whether it works, and GitHub whether its settings guard it. Writes nothing. */
export async function verify(project: Project, options: VerifyOptions): Promise<VerifyResult> {
  const chosen = worldOptions(options, { role: 'plan', listing: 'when-moved' });
  const world = createWorld(project, connect(project, chosen), chosen);
  const documents = select(project.documents, options);
  const [settings, ...deployed] = await Promise.all([
    options.repository ? checkRepository(options.repository) : [],
    ...documents.map((document) => checksOf(world, document)),
  ]);
  const checks = [...deployed.flat(), ...settings.map((check) => ({ document: REPOSITORY, ...check }))];
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
