import { expect } from 'vitest';
import { MAIN, OTHER, applied, blocking, converge, expectEmpty, markedObjects, until, verbs } from './law.ts';
import type { Law } from './law.ts';
import type { Snapshot, Stage } from '../stage.ts';
import { withMetadata } from './life.ts';

/**
 * What has no tag of its own: whose it is the API says that it stands in, and a tag there which one it is. Without that it is
 * taken for half made, and there is no marker on it that could be copied.
 */
const IN_CONTAINER = ['AWS::ApiGatewayV2::Authorizer', 'AWS::ApiGatewayV2::Integration', 'AWS::ApiGatewayV2::Route'];

/** Whose is it: what is not ours is left alone, whatever it looks like. */
export const OWNERSHIP: Readonly<Record<string, Law>> = {
  'foreign object': {
    says: 'an object of the right name without our marker is refused, untouched, and taken over only where the document says so',
    async check(bench) {
      const stand = await applied(bench);
      const base = stand.snapshot();
      const marked = await markedObjects(stand);
      for (const { id } of marked) {
        stand.restore(base);
        stand.write(`${MAIN}.yaml`, bench.samples.document(MAIN));
        const { type, target, seen } = (await markedObjects(stand)).find((one) => one.id === id)!;
        await until(() => type.release?.(target, seen));
        const before = stand.state();

        const plan = await stand.process().plan();
        if (IN_CONTAINER.includes(type.type)) {
          const acting = plan.actions.map((action) => [action.id, action.action, action.reason]);
          expect(acting).toEqual([[id, 'update', 'unfinished']]);
          await converge(stand);
          await expectEmpty(stand);
          continue;
        }
        expect([id, ...blocking(plan)]).toEqual([id, expect.stringMatching(/^foreign: /)]);
        expect(plan.actions.filter((action) => action.id === id)).toEqual([]);
        expect((await stand.process().apply()).outcome).toBe('refused');
        expect([id, stand.state()]).toEqual([id, before]);

        stand.write(`${MAIN}.yaml`, withMetadata(bench.samples.document(MAIN), 'adopt: true'));
        const takeover = await stand.process().plan();
        expect(takeover.actions.filter((action) => action.id === id).map(({ action }) => action)).toEqual(['adopt']);
        expect(takeover.guards.map(({ code, about, allowed }) => [code, about, allowed])).toEqual([
          ['adopt', id, true],
        ]);
        await converge(stand, 4);
        await expectEmpty(stand);
      }
      return `${marked.length} objects`;
    },
  },
  'copied marker': {
    says: 'our marker on another object makes it nobody’s: it is not changed, not removed, and not taken for ours',
    async check(bench) {
      const stand = await applied(bench, MAIN, OTHER);
      const base = stand.snapshot();
      const marked = await markedObjects(stand);
      for (const { id, desired } of marked.filter(({ type }) => !IN_CONTAINER.includes(type.type))) {
        stand.restore(base);
        const victim = (await markedObjects(stand, OTHER)).find((one) => one.desired.id === desired.id)!;
        copyMarker(stand, victim.id, id);
        const before = stand.state();

        const plan = await stand.process().plan();
        expect([id, ...verbs(plan)]).toEqual([id]);
        expect([id, blocking(plan).length > 0]).toEqual([id, true]);
        await stand.process().apply();
        expect([id, stand.state()]).toEqual([id, before]);

        // Nor when the document that it seems to belong to is gone.
        stand.remove(`${OTHER}.yaml`);
        const gone = await stand.process().plan();
        expect(gone.actions.map((action) => action.resource)).not.toContain(victim.seen.resource);
        stand.write(`${OTHER}.yaml`, bench.samples.document(OTHER));
      }
      return `${marked.length} objects`;
    },
  },
};

/** As anybody does who may tag: the one marker stands where the other stood, and nothing else moves. */
function copyMarker(stand: Stage, from: string, to: string): void {
  const [old, copied] = [from, to].map((address) => JSON.stringify(`acme-network/${address}`));
  const rows = JSON.stringify(stand.snapshot()).replaceAll(old!, copied!);
  stand.restore(JSON.parse(rows) as Snapshot);
}
