import type { Aws } from '../aws/clients.ts';
import { unknownFrom } from '../aws/errors.ts';
import { documentAddress } from '../engine/address.ts';
import { needsOf } from '../engine/needs.ts';
import type { Need } from '../engine/needs.ts';
import type { PlanRun } from '../engine/plan.ts';
import { canonical } from '../engine/value.ts';
import type { World } from '../engine/world.ts';
import type { Account, Address, Finding, Place, Plan } from '../engine/types.ts';
import { onBoundedRole } from '../iam/bounded-roles.ts';
import { leasePlaceOf, ownersOf } from '../iam/tree.ts';
import { inventoryPermissions } from '../resources/inventory.ts';
import { missingLeaseBucket } from '../resources/lease/open.ts';
import { leasePermissions } from '../resources/lease/permissions.ts';
import { missingPermissions, notChecked } from '../resources/permission-findings.ts';
import type { Judged, Unasked } from '../resources/permission-findings.ts';
import { boundaryFindings } from '../resources/permissions-boundary.ts';
import { callingPrincipal, simulate } from '../resources/simulation.ts';
import { zoneVpcFindings } from '../resources/zone-vpc-findings.ts';
import { leaseNote } from './lease.ts';
import type { Project } from './project.ts';

/** Key policies admit whoever may use a key, and a simulation does not see them. */
const DECIDED_BY_OTHERS: ReadonlySet<string> = new Set(['kms:Decrypt']);

/**
 * The plan with what apply would run into: permissions that it lacks, as far as IAM tells, and a boundary that is not
 * there. It is advice, which blocks nothing and is not sealed. Nothing is asked where nothing is planned.
 */
export async function withPreflight(project: Project, aws: Aws, world: World, run: PlanRun): Promise<Plan> {
  const { plan } = run;
  if (plan.actions.length === 0) return plan;
  const bucket = await missingLeaseBucket(aws, leasePlaceOf(project));
  const needs = [...needsOf(world, run), ...ownNeeds(project, plan, bucket !== undefined)];
  const asked = needs
    .filter(({ permission }) => permission.optional !== true && !DECIDED_BY_OTHERS.has(permission.action))
    .map((need) => ({ ...need, permission: onBoundedRole(project, need.account, need.permission) }));
  const accounts = [...new Set(asked.map(({ account }) => account))].sort();
  const answers = await Promise.all(
    accounts.map((id) => askAccount(project, aws, { id, needs: asked.filter(({ account }) => account === id) })),
  );
  const findings = [
    ...(bucket === undefined ? [] : [leaseNote(bucket)]),
    ...(await boundaryFindings(aws, plan.actions)),
    ...(await zoneVpcFindings(aws, plan)),
    ...missingPermissions(answers.flatMap((answer) => ('why' in answer ? [] : [answer]))),
    ...notChecked(answers.flatMap((answer) => ('why' in answer ? [answer] : []))),
  ];
  return { ...addFindings(plan, findings), calls: world.calls() };
}

/** Everything that apply will need for a plan: for its actions, and for itself. */
export async function applyNeeds(project: Project, aws: Aws, world: World, run: PlanRun): Promise<readonly Need[]> {
  const isMissing = (await missingLeaseBucket(aws, leasePlaceOf(project))) !== undefined;
  return [...needsOf(world, run), ...ownNeeds(project, run.plan, isMissing)];
}

/** What apply does beside the planned actions: it holds the lease, and looks for what nobody declares. */
function ownNeeds(project: Project, { actions, partial }: Plan, isMissing: boolean): readonly Need[] {
  const lease = leasePlaceOf(project);
  const accounts = partial ? [] : [...new Set(actions.map(({ account }) => account))];
  return [
    ...leasePermissions(lease, isMissing).map((permission) => ({
      document: '',
      account: lease.place.account,
      permission,
    })),
    ...accounts.flatMap((account) =>
      inventoryPermissions(ownersOf(project), placeIn(project, account)).map((permission) => ({
        document: '',
        account,
        permission,
      })),
    ),
  ];
}

interface Question {
  readonly id: string;
  readonly needs: readonly Need[];
}

async function askAccount(project: Project, aws: Aws, { id, needs }: Question): Promise<Judged | Unasked> {
  const place = placeIn(project, id);
  const account = project.accounts.get(id);
  const name = account ? `${account.alias} (${id})` : id;
  try {
    const principal = await principalOf(aws, place, account);
    if ('why' in principal) return { account: name, why: principal.why };
    const permissions = [...new Map(needs.map(({ permission }) => [canonical(permission), permission])).values()];
    return { principal: principal.arn, needs, ...(await simulate(aws, place, principal.arn, permissions)) };
  } catch (error) {
    const { reason, detail } = unknownFrom(error);
    return { account: name, why: `${reason}: ${detail}` };
  }
}

/** Whoever apply acts as in an account. */
async function principalOf(
  aws: Aws,
  place: Place,
  account: Account | undefined,
): Promise<{ readonly arn: string } | { readonly why: string }> {
  if (account?.applyRole !== undefined) return { arn: account.applyRole };
  // Whoever plans is then another than whoever applies.
  if (account?.planRole !== undefined) return { why: 'Settings name a planRole and no applyRole' };
  const arn = await callingPrincipal(aws, place);
  return arn === undefined ? { why: 'the caller is neither a role nor a user' } : { arn };
}

function placeIn({ settings }: Project, account: string): Place {
  return { account, region: settings.defaultRegion };
}

/** What is known of a document stands with it; the rest, such as what nothing declares any more, with the plan. */
function addFindings(plan: Plan, findings: readonly Finding[]): Plan {
  const declared = new Set(plan.documents.map(documentAddress));
  const of = (address: Address): readonly Finding[] => findings.filter(({ document }) => document === address);
  return {
    ...plan,
    documents: plan.documents.map((document) => ({
      ...document,
      findings: [...document.findings, ...of(documentAddress(document))],
    })),
    findings: [...plan.findings, ...findings.filter(({ document }) => !declared.has(document))],
  };
}
