import { documentAddress } from '../../engine/address.ts';
import type { Desired, Estate } from '../../engine/types.ts';
import { alarmResource } from '../function/alarm.ts';
import { errorsAlarm } from '../function/errors-alarm.ts';
import { nameOf } from '../function/names.ts';
import { API, SERVICE, alarmEstate, homeOf } from './places.ts';
import type { SurvivalService } from './places.ts';

/** Invocations that failed, answers 5xx whoever gave them, and requests for which no invocation was free. */
export function serviceAlarms(document: SurvivalService, estate: Estate): readonly Desired[] {
  const address = documentAddress(document);
  const shared = { document, estate: alarmEstate(document, estate), place: homeOf(document, estate) };
  return [
    errorsAlarm({
      ...shared,
      functionId: SERVICE,
      description: `a request to the survival service failed (${address}); its log says why`,
    }),
    alarmResource({
      ...shared,
      id: 'ServerErrorsAlarm',
      // Metrics of HTTP APIs (API Gateway developer guide, "Monitor CloudWatch metrics for HTTP APIs").
      namespace: 'AWS/ApiGateway',
      metric: '5xx',
      dimensions: { ApiId: { $get: [API, 'ApiId'] } } as const,
      statistic: 'Sum',
      missing: 'notBreaching',
      description: `a caller of the survival service got an answer 5xx (${address}): it failed, or took longer than 30 seconds`,
    }),
    alarmResource({
      ...shared,
      id: 'ThrottlesAlarm',
      namespace: 'AWS/Lambda',
      metric: 'Throttles',
      dimensions: { FunctionName: nameOf(document, estate, SERVICE) },
      statistic: 'Sum',
      missing: 'notBreaching',
      description: `more requests came to the survival service than may run at once (${address}); spec.throttle and spec.function.reservedConcurrency say how many`,
    }),
  ];
}
