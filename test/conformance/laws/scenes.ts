import { MAIN, applied } from './law.ts';
import type { Bench } from './law.ts';
import type { Snapshot, Stage } from '../stage.ts';

/** What a run is to do: how the stage stands before it. */
export interface Scene {
  readonly name: string;
  readonly stand: Stage;
  readonly base: Snapshot;
  /** Objects that the scene makes: none may be made twice, none may be lost. */
  readonly objects: number;
}

/** Everything that an apply can be about: making, changing, removing. */
export async function scenes(bench: Bench): Promise<readonly Scene[]> {
  const make = bench.stage();
  make.write(`${MAIN}.yaml`, bench.samples.document(MAIN));
  // What the document refers to stands there by then.
  await make.load();
  const nothing = make.snapshot();
  await make.process().apply();
  const objects = countOf(make.snapshot());
  make.restore(nothing);

  const change = await applied(bench);
  for (const { edit } of Object.values(bench.samples.edits))
    change.write(`${MAIN}.yaml`, edit(change.read(`${MAIN}.yaml`)));

  const remove = await applied(bench);
  remove.remove(`${MAIN}.yaml`);
  // Something must be left, or the empty configuration would be stopped as such.
  remove.write('third.yaml', withoutObjects(bench));
  const gone = remove.snapshot();
  await remove.process().apply();
  const left = countOf(remove.snapshot());
  remove.restore(gone);
  return [
    { name: 'create', stand: make, base: nothing, objects },
    { name: 'update', stand: change, base: change.snapshot(), objects },
    { name: 'delete', stand: remove, base: gone, objects: left },
  ];
}

/** A paused document: it is declared, and nothing of it is looked at. */
function withoutObjects({ samples }: Bench): string {
  return samples
    .document('third')
    .replace('name: third', 'name: third, pause: { until: 2026-12-24, reason: never made }');
}

/** Tables of the embedded account that hold what was made, and not what happened to it. */
const OBJECTS =
  /^(?:cloudwatch\/alarms|dynamodb\/tables|events\/rules|iam\/(?:roles|policies)|lambda\/(?:functions|policies|event-source-mappings|event-configurations)|logs\/groups|route53\/zones|s3\/(?:buckets|notifications)|sns\/(?:topics|subscriptions)|sqs\/queues|values)$/;

/** How many objects there are: two runs that end alike have as many. */
export function countOf(snapshot: Snapshot): number {
  return snapshot.filter(([table]) => OBJECTS.test(table)).length;
}
