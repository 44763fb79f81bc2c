import { documentAddress } from '../../engine/address.ts';
import { DOCUMENT_VARIABLE, encodeFunctionDocument } from '../../engine/function-document.ts';
import type { Desired, Estate } from '../../engine/types.ts';
import { alarmResource } from '../function/alarm.ts';
import { errorsAlarm } from '../function/errors-alarm.ts';
import { functionResources } from '../function/resources.ts';
import { timetableResources } from '../function/scheduled.ts';
import { ALARM_METRIC, METRIC_NAMESPACE, OWN_CODE_VARIABLE, RUN_ACTION } from './function-contract.ts';
import type { LoopRequest } from './function-contract.ts';
import { homeOf, LOOP, loopDocument } from './loop-document.ts';
import type { ReconcileLoop } from './loop-document.ts';
import { loopStatements } from './policy.ts';

/** Name of the handler under src/runtime. */
export const HANDLER = 'reconcile-loop';

/** The function with its role and log, what starts it, and its alarms. */
export function compile(document: ReconcileLoop, estate: Estate): readonly Desired[] {
  const { spec } = document;
  const address = documentAddress(document);
  const shared = { document, estate, place: homeOf(estate) };
  const input: LoopRequest = { action: RUN_ACTION, document: address };
  return [
    ...functionResources({
      ...shared,
      id: LOOP,
      handler: HANDLER,
      description: 'holds the estate against git',
      settings: spec.function,
      environment: {
        [DOCUMENT_VARIABLE]: encodeFunctionDocument(loopDocument(document, estate)),
        [OWN_CODE_VARIABLE]: estate.handler(HANDLER).sha256,
      },
      statements: loopStatements(document, estate),
    }),
    ...timetableResources({
      ...shared,
      starts: LOOP,
      expression: spec.every,
      description: `starts the loop (${address})`,
      input: { ...input },
    }),
    alarmResource({
      ...shared,
      namespace: METRIC_NAMESPACE,
      metric: ALARM_METRIC,
      description: `the loop could not do its work (${address}); its log says why`,
    }),
    errorsAlarm({
      ...shared,
      functionId: LOOP,
      description: `an invocation of the loop failed (${address}); where its log has no line of it, Lambda ended it`,
    }),
  ];
}
