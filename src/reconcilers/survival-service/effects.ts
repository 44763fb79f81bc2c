import { documentAddress, resourceAddress } from '../../engine/address.ts';
import type { Action, Effect, Estate, Value } from '../../engine/types.ts';
import { callersBy, callersOf } from './callers.ts';
import { AUTHORIZER, ROUTE, ROUTE_KEY, homeOf } from './places.ts';
import type { SurvivalService } from './places.ts';
import type { SurvivalServiceJwt } from './spec.gen.ts';

interface Planned {
  readonly document: SurvivalService;
  readonly estate: Estate;
  readonly actions: readonly Action[];
}

/** Who may call from now on, and who no longer: whatever moved it, git or a hand, it is said as a gain or a loss (threats T63). */
export function effects(all: readonly Effect[], planned: Planned): readonly Effect[] {
  const { document, estate } = planned;
  const { account } = homeOf(document, estate);
  const before = callersBefore(planned, account);
  const after = callersOf(document.spec.auth, account);
  const gains = after.filter((caller) => !before.includes(caller));
  const losses = before.filter((caller) => !after.includes(caller));
  if (gains.length === 0 && losses.length === 0) return all;
  return [
    { document: documentAddress(document), code: 'api.callers', data: { route: ROUTE_KEY, gains, losses } },
    ...all,
  ];
}

/** By what the planned actions find; what no action touches is as the document says. */
function callersBefore({ document, actions }: Planned, account: string): readonly string[] {
  const actionOn = (id: string): Action | undefined =>
    actions.find((action) => action.id === resourceAddress(document, id));
  const route = actionOn(ROUTE);
  const authorizer = actionOn(AUTHORIZER);
  if (route?.action === 'create') return [];
  const { jwt } = document.spec.auth;
  const type = beforeOf(route, 'AuthorizationType', jwt ? 'JWT' : 'AWS_IAM');
  const isOther = authorizer?.action === 'create' || beforeOf(route, 'AuthorizerId', undefined) !== undefined;
  return callersBy(type, account, jwt && !isOther ? tokensBefore(authorizer, jwt) : undefined);
}

function tokensBefore(authorizer: Action | undefined, wanted: SurvivalServiceJwt): SurvivalServiceJwt | undefined {
  const before = beforeOf(authorizer, 'JwtConfiguration', undefined);
  if (before === undefined) return wanted;
  const { Issuer, Audience } = (before ?? {}) as Partial<Record<string, Value>>;
  if (typeof Issuer !== 'string' || !Array.isArray(Audience)) return undefined;
  return { issuer: Issuer, audience: Audience.map(String) };
}

/** What a change of an action found; where it changes nothing there, what is wanted is there. */
function beforeOf<Wanted>(action: Action | undefined, path: string, wanted: Wanted): Value | Wanted {
  const change = action?.changes.find((one) => one.path === path);
  return change ? change.before : wanted;
}
