import { join } from 'node:path';
import { documentAddress } from '../engine/address.ts';
import { adoptionOf } from '../engine/adoption.ts';
import type { AdoptResult } from '../engine/adoption.ts';
import { withAdopt } from '../engine/config/adopt-yaml.ts';
import type { Document } from '../engine/types.ts';
import { openConfigFile } from './config-file.ts';
import { AdoptError } from './errors.ts';
import { worldOptions } from './plan.ts';
import type { CommandOptions } from './plan.ts';
import type { Project } from './project.ts';
import { documentNamed } from './selection.ts';
import { connect, createWorld } from './world.ts';

export interface AdoptOptions extends CommandOptions {
  /** `kind/name`. */
  readonly document: string;
  /** Put `adopt: true` into the document's file, where there is something to take over. */
  readonly write?: boolean;
  /** What names of files are relative to; default: the working directory. */
  readonly cwd?: string;
}

/** What a document would take over, and what would change then. Writes nothing but, where it is asked to, that line. */
export async function adopt(project: Project, options: AdoptOptions): Promise<AdoptResult> {
  const document = documentNamed(project.documents, options.document);
  const chosen = worldOptions(options, { role: 'plan', listing: 'when-moved' });
  const world = createWorld(project, connect(project, chosen), chosen);
  const { objects, ...adoption } = await adoptionOf(world, document);
  // What a former owner of this estate has marked is taken over without the line.
  const isAsked = objects.some(({ owner }) => owner === null);
  const written = options.write === true && isAsked && !document.adopt;
  if (written) writeAdopt(document, options.cwd ?? process.cwd());
  const { file, line } = document.source;
  return {
    format: 'trueup/adopt@1',
    document: documentAddress(document),
    file,
    line,
    declared: document.adopt || written,
    written,
    ...adoption,
    objects,
    calls: world.calls(),
  };
}

/** @throws AdoptError where the file is not as it was read, or has no place for the line. */
function writeAdopt({ name, source: { file, line } }: Document, cwd: string): void {
  try {
    const opened = openConfigFile(join(cwd, file));
    const edited = withAdopt(opened.text, line, name);
    if (edited === undefined) throw new AdoptError(`${file} has no place for it that leaves the rest as it is`);
    opened.replace(edited);
  } catch (cause) {
    if (cause instanceof AdoptError) throw cause;
    throw new AdoptError(`${file} cannot be changed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
