import type { Route, Stage } from '@aws-sdk/client-apigatewayv2';
import { documentOf } from '../../engine/address.ts';
import type { Comparison, Finding, Present, Target } from '../../engine/types.ts';
import { keptEntries } from '../kept-entries.ts';
import { OWNER_TAG } from '../marker.ts';
import type { Tags } from '../marker.ts';
import { tagsSeen } from '../tagged.ts';
import { stampedIds } from './stamps.ts';

/** What others put into an API of ours. */

const NAMED = 5;

/** Anybody may call it: CreateRoute without an authorization type means none. */
export function isOpen({ AuthorizationType = 'NONE' }: Pick<Route, 'AuthorizationType'>): boolean {
  return AuthorizationType === 'NONE';
}

/** Routes that are not ours: they stay, and one that lets anybody in is a finding of its own (threats T63, T74). */
export function foreignRoutes(
  target: Pick<Target, 'address' | 'place'>,
  seen: Present<object, { readonly ApiId: string }>,
  routes: readonly Route[],
): Pick<Comparison, 'kept' | 'findings'> {
  const { ApiId } = seen.attributes;
  const own = stampedIds(tagsSeen(seen), 'routes');
  const others = routes.filter(({ RouteId = '' }) => !own.has(RouteId));
  const kept = others.filter((route) => !isOpen(route)).map(({ RouteKey = '' }) => RouteKey);
  // Somebody may have made ours again, under another id: whose one without a mark is, its key alone tells.
  const isOursGone = [...own].some((id) => !routes.some(({ RouteId }) => RouteId === id));
  return {
    kept: others.length,
    findings: [
      ...others.filter(isOpen).map((route) => openRoute(target, ApiId, route, isOursGone ? 'unmarked' : 'foreign')),
      ...keptEntries(target.address, `routes of API ${ApiId}`, kept),
    ],
  };
}

/** Whose a route is: one of ours that should ask for something, somebody else's, or nobody can tell. */
type Whose = { readonly declared: string } | 'foreign' | 'unmarked';

export function openRoute(
  { address, place }: Pick<Target, 'address' | 'place'>,
  ApiId: string,
  { RouteKey = '', RouteId = '' }: Route,
  whose: Whose,
): Finding {
  const remove = `aws apigatewayv2 delete-route --api-id ${ApiId} --route-id ${RouteId} --region ${place.region}`;
  const [words, hint] =
    whose === 'foreign'
      ? ['and is not ours', remove]
      : whose === 'unmarked'
        ? [
            'and carries no mark of ours, while one that did is gone',
            `trueup plan says whether an apply gives it its authorization back; if not: ${remove}`,
          ]
        : [`and is to have ${whose.declared}`, 'apply gives it its authorization back'];
  return {
    document: documentOf(address),
    code: 'open-route',
    severity: 'warning',
    message: `API ${ApiId} lets anybody call its route ${RouteKey}: it has no authorization (AuthorizationType NONE), ${words}`,
    hint,
    data: { api: ApiId, route: RouteKey, id: RouteId },
  };
}

/** Why an API cannot be deleted; undefined: nothing of others is in it. @param document `owner/kind/name` of ours. */
export function inTheWay(
  ApiId: string,
  found: {
    readonly tags: Tags;
    readonly document: string;
    readonly routes: readonly Route[];
    readonly stages: readonly Stage[];
  },
): string | undefined {
  const own = stampedIds(found.tags, 'routes');
  const routes = found.routes.filter(({ RouteId = '' }) => !own.has(RouteId));
  const stages = found.stages.filter(({ Tags: tags }) => documentOf(tags?.[OWNER_TAG] ?? '') !== found.document);
  const [route] = routes;
  const [stage] = stages;
  if (route === undefined && stage === undefined) return undefined;
  const all = [
    ...routes.map(({ RouteKey = '' }) => `route ${RouteKey}`),
    ...stages.map(({ StageName = '' }) => `stage ${StageName}`),
  ];
  const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : '';
  const command = route
    ? `delete-route --api-id ${ApiId} --route-id ${route.RouteId ?? ''}`
    : `delete-stage --api-id ${ApiId} --stage-name '${stage?.StageName ?? ''}'`;
  return `the API ${ApiId} has what is not ours: ${all.slice(0, NAMED).join(', ')}${more}; take it away, then the API is deleted: aws apigatewayv2 ${command}`;
}
