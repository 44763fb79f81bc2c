import type { Estate } from '../../engine/types.ts';
import { arn } from '../../resources/arns.ts';
import { permit } from '../../resources/permissions.ts';
import { asksIn } from '../readers.ts';
import type { Ask } from '../readers.ts';
import { PATH, homeOf } from './places.ts';
import type { SurvivalService } from './places.ts';

/**
 * What `survival run` asks of IAM, beside what a plan asks. The API's id is known when it is made: the path tells it from other
 * APIs (API Gateway developer guide, "Control access for invoking an API").
 */
export function verbAsks(document: SurvivalService, estate: Estate): readonly Ask[] {
  // Whoever has a token needs no right of IAM.
  if (document.spec.auth.jwt) return [];
  const place = homeOf(document, estate);
  return asksIn(place, permit('execute-api', arn('execute-api', place, `*/$default/POST${PATH}`), ['Invoke']));
}
