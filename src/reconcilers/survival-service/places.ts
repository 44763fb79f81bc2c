import type { Document, Estate, Place } from '../../engine/types.ts';
import type { SurvivalServiceSpec } from './spec.gen.ts';

export type SurvivalService = Document<SurvivalServiceSpec>;

export const KIND = 'SurvivalService';

/** Logical id of the function; those of its log group, role and policy follow from it. */
export const SERVICE = 'Service';
/** Logical ids of what stands before the function. */
export const API = 'Api';
export const INTEGRATION = 'Integration';
export const AUTHORIZER = 'Authorizer';
export const ROUTE = 'Route';
export const STAGE = 'Stage';
export const PERMISSION = 'Permission';

/** The one path that the API has. */
export const PATH = '/survival';
export const ROUTE_KEY = `POST ${PATH}`;

/** Where function and API live. */
export function homeOf({ spec }: SurvivalService, estate: Estate): Place {
  return estate.place(spec.account, spec.region);
}

/** Of `auth.jwt`, each once, in the order of their letters: API Gateway takes them for a set. */
export function audiencesOf(audience: string | readonly string[]): readonly string[] {
  return [...new Set(typeof audience === 'string' ? [audience] : audience)].sort();
}

/** The estate, with the topic that hears of this document's alarms. */
export function alarmEstate({ spec }: SurvivalService, estate: Estate): Estate {
  const { sns } = spec.alarms;
  return sns === undefined ? estate : { ...estate, alarmTopic: sns };
}
