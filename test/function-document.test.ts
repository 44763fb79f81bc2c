import { deflateSync } from 'node:zlib';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import type { Effect, Plan } from '../src/engine/types.ts';
import { renderJson, renderNdjson } from '../src/report/json.ts';
import type { RenderOptions } from '../src/report/options.ts';
import { renderDrift, renderPlan } from '../src/report/render.ts';
import { createEstate, mirror } from './support/estate.ts';
import { applied, createScheduleEstate, scheduleYaml } from './support/schedule-estate.ts';
import type { ScheduleEstate } from './support/schedule-estate.ts';

const DOCUMENT = 'InstanceSchedule/office-hours';
const TEXT: RenderOptions = { format: 'text', width: 80, unicode: true, color: false };
const HARMFUL = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/u;

function told({ documents }: Pick<Plan, 'documents'>): readonly Effect[] {
  return documents.flatMap(({ effects }) => effects.filter(({ code }) => code === 'function.document'));
}

/** Somebody writes another document into the function's variable. */
async function tell(estate: ScheduleEstate, json: string): Promise<string> {
  const FunctionName = await estate.functionName('Scheduler', 'office-hours');
  const client = estate.account.client(LambdaClient, { region: 'eu-west-1' });
  const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Variables = { ...Environment?.Variables, TRUEUP_DOCUMENT: deflateSync(json).toString('base64url') };
  await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
  estate.account.elapse(60_000);
  return FunctionName;
}

describe('a field of the document that only its function knows', () => {
  it('is in the plan, and the seal does not hold it', async () => {
    const estate = await applied(await createScheduleEstate(['hibernate: false']));
    estate.write('office.yaml', scheduleYaml(['honourDisable: false', 'maxActions: 10000']));

    const plan = await estate.plan();
    const changes = [
      { path: 'rules.honourDisable', before: true, after: false },
      { path: 'rules.maxActions', before: 100, after: 10_000 },
    ];
    const name = await estate.functionName('Scheduler', 'office-hours');
    expect(told(plan)).toEqual([
      { document: DOCUMENT, code: 'function.document', data: { function: name, changes, omitted: 0 } },
    ]);
    expect(renderPlan(plan, TEXT)).toContain(
      [
        '    document   rules.honourDisable   true → false',
        '               rules.maxActions      100 → 10,000',
        '    ~ Function  office-hours-scheduler-',
      ].join('\n'),
    );

    const unseen = { ...plan, documents: plan.documents.map((document) => ({ ...document, effects: [] })) };
    expect((await estate.apply(unseen)).outcome).toBe('applied');
    expect(told(await estate.plan())).toEqual([]);
  });

  it('of a mirror is said once for its two functions', async () => {
    const estate = await createEstate();
    estate.serve('corp.test', 5, 'ns1 A 10.0.0.1');
    estate.write('corp.yaml', mirror(estate));
    expect((await estate.apply(await estate.plan())).outcome).toBe('applied');
    estate.write('corp.yaml', mirror(estate).replace('rate(15 minutes)', 'rate(5 minutes)'));

    const plan = await estate.plan();
    const change = { path: 'spec.schedule', before: 'rate(15 minutes)', after: 'rate(5 minutes)' };
    expect(told(plan).map(({ data }) => data['changes'])).toEqual([[change], [change]]);
    expect(renderPlan(plan, TEXT).match(/^ +document +spec\.schedule .*$/gm)).toEqual([
      '    document   spec.schedule   rate(15 minutes) → rate(5 minutes)',
    ]);
  });

  it('is not told of a function that is made', async () => {
    const estate = await createScheduleEstate(['maxActions: 10000']);

    expect(told(await estate.plan())).toEqual([]);
  });
});

describe('T20, T26 a document that somebody wrote', () => {
  it('is harmless in every output, of a plan and of drift', async () => {
    const estate = await applied(await createScheduleEstate(['hibernate: false']));
    const evil = '\u001b[2J\u202e##[error]\ud800\n::error::x';
    await tell(estate, JSON.stringify({ owner: evil, [evil]: { [evil]: [evil] } }));

    const [plan, drift] = [await estate.plan(), await estate.drift()];
    const found = { path: 'owner', before: evil, after: 'acme-network' };
    expect(told(plan)[0]?.data['changes']).toContainEqual(found);
    expect(drift.effects.find(({ code }) => code === 'function.document')?.data['changes']).toContainEqual(found);

    const shapes = [TEXT, { ...TEXT, unicode: false }, { ...TEXT, format: 'markdown' as const }];
    const texts = shapes.flatMap((shape) => [renderPlan(plan, shape), renderDrift(drift, shape)]);
    for (const text of texts) expect(text).toContain('##<U+005B>error]');
    const all = [...texts, renderJson(plan), renderNdjson(plan), renderJson(drift), renderNdjson(drift)];
    for (const text of all) {
      expect(text).not.toMatch(HARMFUL);
      expect(text).not.toContain('##[');
      for (const line of text.split('\n')) expect(line.trimStart().startsWith('::')).toBe(false);
    }
    for (const line of texts.slice(0, 4).join('').split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('that cannot be read has no effect, and is put back', async () => {
    const estate = await applied(await createScheduleEstate(['hibernate: false']));
    await tell(estate, 'canary-5d1e');

    const plan = await estate.plan();
    expect(plan.actions.map(({ changes }) => changes.map(({ path, cause }) => `${path} ${cause}`))).toEqual([
      ['Environment drift'],
    ]);
    expect(told(plan)).toEqual([]);
    await applied(estate);
  });
});
