import type { Kind } from '../../engine/types.ts';
import { callersOf } from './callers.ts';
import { compile } from './compile.ts';
import { effects } from './effects.ts';
import { outputs } from './outputs.ts';
import { KIND, ROUTE_KEY } from './places.ts';
import type { SurvivalService } from './places.ts';
import type { SurvivalServiceSpec } from './spec.gen.ts';

/** Cox regression over HTTP (docs/kinds/survival-service.md). */
export const survivalService: Kind<SurvivalServiceSpec> = {
  kind: KIND,
  makesRoles: true,
  compile,
  effects,
  outputs,
  summary,
};

function summary({ spec }: SurvivalService): string {
  const callers = callersOf(spec.auth, 'the account').join('; ');
  const { rate, burst } = spec.throttle;
  return `${ROUTE_KEY} for ${callers}: ${rate} requests a second, ${burst} at once, each up to 6 MB`;
}
