import { DOCUMENT_VARIABLE, encodeFunctionDocument } from '../../engine/function-document.ts';
import type { Desired, Estate } from '../../engine/types.ts';
import { functionResources } from '../function/resources.ts';
import { serviceAlarms } from './alarms.ts';
import { gatewayResources } from './gateway.ts';
import { SERVICE, homeOf } from './places.ts';
import type { SurvivalService } from './places.ts';
import { serviceDocument } from './service-document.ts';

/** Name of the handler under src/runtime. */
const HANDLER = 'survival-service';

/** The function, which may write its log and nothing else, the API before it, and the alarms. */
export function compile(document: SurvivalService, estate: Estate): readonly Desired[] {
  return [
    ...functionResources({
      document,
      estate,
      place: homeOf(document, estate),
      id: SERVICE,
      handler: HANDLER,
      description: 'computes Cox regressions',
      settings: document.spec.function,
      environment: { [DOCUMENT_VARIABLE]: encodeFunctionDocument(serviceDocument(document)) },
      statements: [],
    }),
    ...gatewayResources(document, estate),
    ...serviceAlarms(document, estate),
  ];
}
