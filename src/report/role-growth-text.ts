import type { Finding, Value } from '../engine/types.ts';
import { plural } from './format.ts';
import { indent, paragraph } from './layout.ts';
import { groupedGrants } from './permissions.ts';
import type { Line, Style } from './style.ts';

const CODE = 'role-grows';
/** Objects of new documents whose permissions are listed one by one; what is made for more says the plan above. */
const MOST_OBJECTS = 14;
/** The streams of one log group: one object, though its ARN ends in `*`. */
const STREAMS = /(:log-group:[^:*]+):\*$/;

interface Grant {
  readonly action: string;
  readonly resource: string;
  /** It comes with a document that is new. */
  readonly isNew: boolean;
}

/**
 * Under the finding that a role grows: every action that comes, on what, and every one that goes. Nothing is left out, but
 * that of new documents with many objects those with a name of their own are counted: the plan shows them as it makes them.
 */
export function roleGrowthLines({ code, data }: Finding, column: number, style: Style): readonly Line[] {
  if (code !== CODE || !data) return [];
  const adds = grantsOf(data['adds']);
  const fresh = adds.filter(({ isNew }) => isNew);
  const isMuch = objectsOf(fresh) > MOST_OBJECTS;
  const counted = isMuch ? fresh.filter(({ resource }) => !isPattern(resource)) : [];
  return [
    ...grantLines('+', groupedGrants(adds.filter((grant) => !counted.includes(grant)).map(textOf))),
    ...grantLines('+', countedGrants(counted)),
    ...(counted.length > 0
      ? paragraph(style, { lead: [indent(column)], hang: column, text: style.text(ONE_BY_ONE) })
      : []),
    ...grantLines('-', groupedGrants(grantsOf(data['takes']).map(textOf))),
  ];

  function grantLines(symbol: '+' | '-', grants: readonly string[]): readonly Line[] {
    return grants.flatMap((grant) =>
      paragraph(style, {
        lead: [indent(column), style.say(symbol, symbol === '+' ? 'add' : 'delete'), indent(1)],
        hang: column + 4,
        text: style.text(grant),
      }),
    );
  }
}

const ONE_BY_ONE = 'objects of new documents; each by its name:  trueup plan --format json';

/** It allows on more than one object, and on which ones no plan can say. */
function isPattern(resource: string): boolean {
  return resource.replace(STREAMS, '$1').includes('*');
}

/** `sqs: CreateQueue, TagQueue on 4 objects`, one for each service. */
function countedGrants(grants: readonly Grant[]): readonly string[] {
  const services = new Map<string, Grant[]>();
  for (const grant of grants) {
    const service = serviceOf(grant);
    services.set(service, [...(services.get(service) ?? []), grant]);
  }
  return [...services].map(([service, own]) => {
    const actions = [...new Set(own.map(({ action }) => action.slice(service.length + 1)))].sort();
    return `${service}: ${actions.join(', ')} on ${plural(objectsOf(own), 'object')}`;
  });
}

function serviceOf({ action }: Grant): string {
  return action.slice(0, action.indexOf(':'));
}

function objectsOf(grants: readonly Grant[]): number {
  return new Set(grants.map(({ resource }) => resource)).size;
}

function textOf({ action, resource }: Grant): string {
  return `${action} on ${resource}`;
}

function grantsOf(list: Value | undefined): readonly Grant[] {
  if (!Array.isArray(list)) return [];
  return (list as readonly Value[]).flatMap((item) => {
    const { action, resource, new: isNew } = (item ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof action !== 'string' || typeof resource !== 'string') return [];
    return [{ action, resource, isNew: isNew === true }];
  });
}
