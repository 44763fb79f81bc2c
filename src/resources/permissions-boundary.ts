import { GetPolicyCommand } from '@aws-sdk/client-iam';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import type { Action, Finding, Place } from '../engine/types.ts';
import { IAM_ROLE } from './aws-iam-role.ts';
import { iamOf } from './iam-client.ts';

/** A policy that new roles are to carry, and where. */
interface Boundary {
  readonly place: Place;
  readonly arn: string;
}

/** What is to be known of the boundaries that planned roles are to carry: AWS makes no role with one that is not there. */
export async function boundaryFindings(aws: Aws, actions: readonly Action[]): Promise<readonly Finding[]> {
  const found = await Promise.all(boundariesOf(actions).map((boundary) => look(aws, boundary)));
  return found.flatMap((finding) => finding ?? []);
}

function boundariesOf(actions: readonly Action[]): readonly Boundary[] {
  const wanted = actions
    .filter(({ type }) => type === IAM_ROLE)
    .flatMap(({ account, region, changes }) =>
      changes.flatMap(({ path, after }): readonly Boundary[] =>
        path === 'PermissionsBoundary' && typeof after === 'string' ? [{ place: { account, region }, arn: after }] : [],
      ),
    );
  return [...new Map(wanted.map((one) => [`${one.place.account} ${one.arn}`, one])).values()];
}

async function look(aws: Aws, { place, arn }: Boundary): Promise<Finding | undefined> {
  try {
    await (await iamOf(aws, place)).send(new GetPolicyCommand({ PolicyArn: arn }));
    return undefined;
  } catch (error) {
    return isAwsError(error, 'NoSuchEntityException') ? missing(arn) : notChecked(arn, error);
  }
}

function missing(arn: string): Finding {
  return {
    document: '',
    code: 'boundary-missing',
    severity: 'warning',
    message: `the permissions boundary ${arn} does not exist: AWS refuses to make a role with it (NoSuchEntity)`,
    hint: `aws iam create-policy --policy-name ${arn.slice(arn.lastIndexOf('/') + 1)} --policy-document file://boundary.json`,
  };
}

function notChecked(arn: string, error: unknown): Finding {
  const { reason, detail } = unknownFrom(error);
  return {
    document: '',
    code: 'boundary-not-checked',
    severity: 'info',
    message: `whether the permissions boundary ${arn} exists was not checked (${reason}: ${detail})`,
    hint: 'allow iam:GetPolicy on it to the plan role',
  };
}
