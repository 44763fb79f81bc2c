import { join, relative, sep } from 'node:path';
import { acceptDrift } from '../engine/accept/accept.ts';
import type { AcceptResult, NotAccepted, Write, WrittenEdit } from '../engine/accept/accept.ts';
import { documentAddress } from '../engine/address.ts';
import { editableAt } from '../engine/config/editable.ts';
import { findSecrets } from '../engine/config/secrets.ts';
import { withYamlValue } from '../engine/config/set-yaml.ts';
import { sourceText } from '../engine/config/source-text.ts';
import { readTree } from '../engine/config/tree.ts';
import { driftOf } from '../engine/drift.ts';
import { isPaused } from '../engine/plan.ts';
import type { Document, DriftResult } from '../engine/types.ts';
import { equal } from '../engine/value.ts';
import { openConfigFile } from './config-file.ts';
import type { OpenConfigFile } from './config-file.ts';
import { EditError } from './errors.ts';
import { changedLines } from './changed-lines.ts';
import { lookAndPlan, worldOptions } from './plan.ts';
import type { CommandOptions } from './plan.ts';
import { checkTree, COMMON_SCHEMAS, SCHEMAS } from './project.ts';
import type { Project } from './project.ts';
import { documentNamed } from './selection.ts';
import { connect } from './world.ts';

export interface AcceptOptions extends Omit<CommandOptions, 'only' | 'exclude'> {
  /** `kind/name`. */
  readonly document: string;
  /** What names of files are relative to; default: the working directory. */
  readonly cwd?: string;
}

/**
 * What the world changed of one document, with as much of it as can be written back into the document's file: each edit is
 * proved by what the document compiles to, and the tree with it is valid. Writes that file and nothing else.
 *
 * @throws AwsError TU2022 where there is no such document
 * @throws EditError where its file cannot be changed, or was since it was read
 */
export async function accept(project: Project, options: AcceptOptions): Promise<AcceptResult> {
  const document = documentNamed(project.documents, options.document);
  const chosen = worldOptions(options, { role: 'plan', listing: 'drift' });
  const { world, run } = await lookAndPlan(project, connect(project, chosen), chosen, { only: [options.document] });
  const drift = driftOf(world, run);
  const internals = run.documents.get(options.document);
  if (!internals) throw new Error(`${options.document} was not planned`);
  const now = world.clock.now();
  const cwd = options.cwd ?? process.cwd();
  const file = open(document, cwd);
  const editing = editTree(project, document, file, { cwd, now });
  const { accepted, notAccepted } = await acceptDrift(
    { world, internals },
    editable(document, file),
    drift.drifted,
    editing.write,
  );
  if (accepted.length > 0) editing.finish();
  return { ...drift, accepted, notAccepted: [...notAccepted, ...unseen(document, drift, now)] };
}

function open({ source }: Document, cwd: string): OpenConfigFile {
  try {
    return openConfigFile(join(cwd, source.file));
  } catch (cause) {
    throw cannotChange(source.file, cause);
  }
}

function editable(document: Document, { text }: OpenConfigFile) {
  const found = editableAt({ text, document }, SCHEMAS, COMMON_SCHEMAS);
  if (found && equal(found.document, document)) return found;
  throw new EditError(`${document.source.file} cannot be changed: it was changed meanwhile`);
}

function cannotChange(file: string, cause: unknown): EditError {
  return new EditError(`${file} cannot be changed: ${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  });
}

/** The text of the file as it becomes, edit by edit. */
function editTree(
  { directory }: Project,
  { source: { file, line } }: Document,
  opened: OpenConfigFile,
  { cwd, now }: { readonly cwd: string; readonly now: number },
): { readonly write: Write; finish(): void } {
  const name = relative(directory, join(cwd, file)).split(sep).join('/');
  let { text } = opened;
  return {
    async write(edits) {
      let edited = text;
      const written: WrittenEdit[] = [];
      for (const { steps } of edits) {
        const before = edited;
        for (const { path, value } of steps) {
          const next = withYamlValue(edited, line, path, value);
          if (next === undefined) return { why: `${file} cannot take it with all else as it is: write it by hand` };
          edited = next;
        }
        written.push(changedLines(before, edited));
      }
      if (secretsIn(edited) > secretsIn(text)) return { why: 'it looks like a secret, and is not written into a file' };
      const { files, refusals } = await readTree(directory);
      const others = files.filter((one) => one.name !== name);
      if (others.length === files.length) return { why: `${file} is not where it was` };
      const tree = { refusals, files: [...others, { name, bytes: opened.octets(edited) }] };
      const { errors } = await checkTree(directory, tree, { cwd, now });
      const [error] = errors;
      if (error) return { why: `the configuration would not be valid: ${error.message} (${error.code})` };
      text = edited;
      return written;
    },
    finish() {
      try {
        opened.replace(text);
      } catch (cause) {
        throw cannotChange(file, cause);
      }
    },
  };
}

function secretsIn(text: string): number {
  return findSecrets(sourceText('', text)).length;
}

/** What no edit of a value can be about. */
function unseen(document: Document, { missing }: DriftResult, now: number): readonly NotAccepted[] {
  const pause = isPaused(document, now) ? document.pause : undefined;
  return [
    ...(pause
      ? [{ id: documentAddress(document), path: '', why: `it is paused until ${pause.until}, and not looked at` }]
      : []),
    ...missing.map(({ id }) => ({
      id,
      path: '',
      why: 'it is gone: the next apply makes it anew while the document declares it',
    })),
  ];
}
