import { AwsError } from '../aws/errors.ts';
import { kindOf } from '../engine/world.ts';
import type { Desired } from '../engine/types.ts';
import { createInvoke } from '../resources/invoke.ts';
import { worldOptions } from './plan.ts';
import type { CommandOptions } from './plan.ts';
import type { Project } from './project.ts';
import { documentNamed } from './selection.ts';
import { connect, createWorld } from './world.ts';

export interface InvokeOptions extends CommandOptions {
  /** `kind/name`. */
  readonly document: string;
  /** Which of its functions, as its kind calls it, without regard to letter case; needed where there are several. */
  readonly function?: string;
  readonly event: unknown;
}

/** `trueup/invoke@1`. */
export interface InvokeResult {
  readonly format: 'trueup/invoke@1';
  /** Physical name. */
  readonly function: string;
  readonly answer: unknown;
}

/** The function that plan may run, whatever its document (docs/architecture.md, "Functions"). */
const LOOKS_ONLY = 'Plan';

/** Runs a deployed function with an event. */
export async function invoke(project: Project, options: InvokeOptions): Promise<InvokeResult> {
  const found = functionOf(project, options);
  const name = (found.properties as { readonly FunctionName: string }).FunctionName;
  const role = found.id === LOOKS_ONLY ? 'plan' : 'apply';
  const aws = connect(project, worldOptions(options, { role, listing: 'when-moved' }));
  const answer = await createInvoke(aws)(found.place, name, options.event);
  if (answer === undefined) {
    throw new AwsError('TU2031', `the function ${name} does not exist`, {
      hint: 'make it: trueup plan, then trueup apply',
    });
  }
  return { format: 'trueup/invoke@1', function: name, answer };
}

function functionOf(project: Project, options: InvokeOptions): Desired {
  const document = documentNamed(project.documents, options.document);
  const chosen = worldOptions(options, { role: 'plan', listing: 'when-moved' });
  const world = createWorld(project, connect(project, chosen), chosen);
  const kind = kindOf(world, document);
  const functions = kind.compile(document, project.estate).filter(({ type }) => type === 'AWS::Lambda::Function');
  const called = [...(kind.functionNames?.(document, project.estate) ?? [])];
  const named = functions.map((desired) => ({
    desired,
    name: called.find(([, id]) => id === desired.id)?.[0] ?? desired.id.toLowerCase(),
  }));
  const wanted = options.function?.toLowerCase();
  const matching = named.filter(({ name }) => wanted === undefined || name.toLowerCase() === wanted);
  const [only] = matching;
  if (only && matching.length === 1) return only.desired;
  const names = named.map(({ name }) => name).join(', ') || 'none';
  const what = only ? 'has several functions' : `has no function ${options.function ?? ''}`.trim();
  throw new AwsError('TU2032', `${options.document} ${what}`, { hint: `--function, one of: ${names}` });
}
