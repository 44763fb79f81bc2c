import type { Plan } from '../../../src/engine/types.ts';
import { MAIN, applied, idsOf } from './law.ts';
import type { Bench } from './law.ts';
import type { Snapshot, Stage } from '../stage.ts';

/** What a run is to do: how the stage stands before it. */
export interface Scene {
  readonly stand: Stage;
  readonly base: Snapshot;
  /** Objects that there are at its end: none may be made twice, none may be lost. */
  readonly objects: number;
  /** Everything is there from the beginning: whatever goes wrong, nothing is to be made or removed but these. */
  readonly moved?: readonly string[];
}

/** What holds of every apply, whatever it is about. */
export interface SceneLaw {
  /** One line for docs/conformance.md. */
  readonly says: string;
  /** @returns the figure that is printed. */
  check(scene: Scene): Promise<string>;
}

/** Everything that an apply can be about: making, changing, removing. */
export const SCENES = {
  async create(bench) {
    const stand = bench.stage();
    stand.write(`${MAIN}.yaml`, bench.samples.document(MAIN));
    // What the document refers to stands there by then.
    await stand.load();
    const base = stand.snapshot();
    return { stand, base, objects: await objectsAfter(stand, base) };
  },

  async update(bench) {
    const stand = await applied(bench);
    const base = stand.snapshot();
    for (const { edit } of Object.values(bench.samples.edits))
      stand.write(`${MAIN}.yaml`, edit(stand.read(`${MAIN}.yaml`)));
    const taken = Object.values(bench.samples.edits).flatMap(({ takes = [] }) => takes);
    const moved = movedBy(await stand.process().plan());
    if (moved.length !== taken.length) throw new Error(`edits take ${taken.join(', ')}, the plan ${moved.join(', ')}`);
    return { stand, base, objects: countOf(base) - taken.length, moved };
  },

  async delete(bench) {
    const stand = await applied(bench);
    stand.remove(`${MAIN}.yaml`);
    // Something must be left, or the empty configuration would be stopped as such.
    stand.write('third.yaml', withoutObjects(bench));
    const base = stand.snapshot();
    return { stand, base, objects: await objectsAfter(stand, base) };
  },
} satisfies Readonly<Record<string, (bench: Bench) => Promise<Scene>>>;

/** What a plan makes or removes. */
export function movedBy({ actions }: Pick<Plan, 'actions'>): readonly string[] {
  return idsOf(actions.filter(({ action }) => action !== 'update'));
}

/** As many as there are when nothing goes wrong. */
async function objectsAfter(stand: Stage, base: Snapshot): Promise<number> {
  await stand.process().apply();
  const objects = countOf(stand.snapshot());
  stand.restore(base);
  return objects;
}

/** A paused document: it is declared, and nothing of it is looked at. */
function withoutObjects({ samples }: Bench): string {
  return samples
    .document('third')
    .replace('name: third', 'name: third, pause: { until: 2026-12-24, reason: never made }');
}

/** Tables of the embedded account that hold what was made, and not what happened to it. */
const OBJECTS =
  /^(?:apigatewayv2\/(?:apis|authorizers|integrations|routes|stages)|cloudwatch\/alarms|dynamodb\/tables|events\/rules|iam\/(?:roles|policies)|lambda\/(?:functions|policies|event-source-mappings|event-configurations)|logs\/groups|route53\/zones|s3\/(?:buckets|notifications)|sns\/(?:topics|subscriptions)|sqs\/queues|values)$/;

/** How many objects there are: two runs that end alike have as many. */
export function countOf(snapshot: Snapshot): number {
  return snapshot.filter(([table]) => OBJECTS.test(table)).length;
}
