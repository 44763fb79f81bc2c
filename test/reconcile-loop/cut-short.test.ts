import { CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { expect, it, vi } from 'vitest';
import { installedHandlers } from '../../src/operations/handlers.ts';
import { createLoopEstate, REGION } from '../support/loop-estate.ts';
import { bundle } from '../support/lambda.ts';

// A function is loaded anew for every account, and several tests run beside each other.
vi.setConfig({ testTimeout: 120_000 });

const PLACE = { region: REGION };
const MINUTE = 60_000;
/** A run by the rule, and a minute in which alarms are judged. */
const A_RUN_MS = 31 * MINUTE;

/** Lets all the time pass that an invocation may take, by the account's clock. */
const TIMES_OUT =
  "export const handler = () => globalThis[Symbol.for('trueup.embedded')].sleep(900_000).then(() => new Promise(() => {}));";
const DIES = 'export const handler = () => process.exit(1);';

it.each([
  ['times out', TIMES_OUT],
  ['is killed', DIES],
])(
  'a run that %s raises an alarm, though it writes no line; one that ends well is the end of it',
  async (_what, source) => {
    const estate = await createLoopEstate();
    const { account } = estate;
    expect(await estate.apply()).toMatchObject({ outcome: 'applied', failed: [] });
    await estate.publish(7);
    const FunctionName = await estate.functionName('Loop', 'main');
    const lambda = account.client(LambdaClient, PLACE);
    const deploy = async (ZipFile: Uint8Array) => {
      await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Architectures: ['arm64'] }));
      account.elapse(MINUTE / 2);
    };
    const cloudwatch = account.client(CloudWatchClient, PLACE);
    const names = {
      Alarm: await estate.functionName('Alarm', 'main'),
      Errors: await estate.functionName('ErrorsAlarm', 'main'),
    };
    const state = async (name: string) => {
      const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
      return MetricAlarms![0]!.StateValue;
    };
    const states = async () => [await state(names.Alarm), await state(names.Errors)];

    await account.advance(A_RUN_MS);
    const lines = (await estate.lines()).length;
    expect([lines, await states()]).toEqual([1, ['OK', 'OK']]);

    await deploy(await bundle(source));
    await account.advance(A_RUN_MS);
    expect([(await estate.lines()).length, await states()]).toEqual([lines, ['OK', 'ALARM']]);

    await deploy(installedHandlers().zip(installedHandlers().code('reconcile-loop').sha256)!);
    await account.advance(2 * A_RUN_MS);
    expect((await estate.lines()).length).toBeGreaterThan(lines);
    expect(await states()).toEqual(['OK', 'OK']);
    const { AlarmHistoryItems } = await cloudwatch.send(
      new DescribeAlarmHistoryCommand({
        AlarmName: names.Errors,
        HistoryItemType: 'StateUpdate',
        ScanBy: 'TimestampAscending',
      }),
    );
    expect(AlarmHistoryItems!.map(({ HistorySummary }) => HistorySummary)).toEqual([
      'Alarm updated from INSUFFICIENT_DATA to OK',
      'Alarm updated from OK to ALARM',
      'Alarm updated from ALARM to OK',
    ]);
  },
);
