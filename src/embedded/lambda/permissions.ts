import type {
  AddPermissionRequest,
  AddPermissionResponse,
  GetPolicyRequest,
  GetPolicyResponse,
  RemovePermissionRequest,
} from '@aws-sdk/client-lambda';
import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { conflict, constraintViolation, invalidParameter, notEmbedded, notFound, staleRevision } from './errors.ts';
import { ownFunction } from './function-name.ts';
import { MAX_POLICY_BYTES } from './limits.ts';
import { functionArn, functionKey, revisionId } from './model.ts';
import type { FunctionPlace } from './model.ts';
import { policies } from './policy-store.ts';
import type { PolicyStatement, StoredPolicy } from './policy-store.ts';

/** API model of AddPermission. */
const STATEMENT_ID = /^[\w-]{1,100}$/;
const ACTION = /^lambda:(?:\*|[a-zA-Z]+)$/;
const SERVICE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com$/;
const ACCOUNT = /^\d{12}$/;
const PRINCIPAL_ARN = /^arn:aws:(?:iam|sts)::\d{12}:[\x21-\x7e]+$/;
const SOURCE_ARN = /^arn:aws:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12})?:[\x20-\x7e]+$/;

export function addPermission(input: AddPermissionRequest, context: CallContext): AddPermissionResponse {
  const found = ownFunction(input, context);
  const stored = context.data.get(policies, functionKey(found));
  checkRevision(found, stored, input.RevisionId);
  const statement = statementOf(input, found);
  if (stored?.statements.some(({ Sid }) => Sid === statement.Sid)) {
    throw conflict(
      `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  }
  const statements = [...(stored?.statements ?? []), statement];
  if (Buffer.byteLength(policyText(statements)) > MAX_POLICY_BYTES) {
    throw serviceError(
      'PolicyLengthExceededException',
      `The final policy size is bigger than the limit (${MAX_POLICY_BYTES}).`,
      {
        fields: { Type: 'User' },
      },
    );
  }
  context.data.put(policies, functionKey(found), { revision: context.data.next('lambda/policies'), statements });
  return { Statement: JSON.stringify(statement) };
}

function statementOf(input: AddPermissionRequest, place: FunctionPlace): PolicyStatement {
  const { StatementId: id = '', Action: action = '' } = input;
  if (!STATEMENT_ID.test(id)) throw constraintViolation('statementId', id, 'pattern ([a-zA-Z0-9-_]+), length 1 to 100');
  if (!ACTION.test(action)) throw constraintViolation('action', action, 'pattern (lambda:[*]|lambda:[a-zA-Z]+|[*])');
  if (input.FunctionUrlAuthType !== undefined || input.InvokedViaFunctionUrl !== undefined) {
    throw notEmbedded('function URLs');
  }
  if (input.EventSourceToken !== undefined) throw notEmbedded('Alexa skills');
  const { SourceArn: sourceArn, SourceAccount: sourceAccount } = input;
  if (sourceArn !== undefined && !SOURCE_ARN.test(sourceArn))
    throw constraintViolation('sourceArn', sourceArn, 'an ARN');
  if (sourceAccount !== undefined && !ACCOUNT.test(sourceAccount)) {
    throw constraintViolation('sourceAccount', sourceAccount, 'pattern \\d{12}');
  }
  const equals = {
    ...(sourceAccount !== undefined && { 'AWS:SourceAccount': sourceAccount }),
    ...(input.PrincipalOrgID !== undefined && { 'aws:PrincipalOrgID': input.PrincipalOrgID }),
  };
  const condition = {
    ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
    ...(sourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': sourceArn } }),
  };
  return {
    Sid: id,
    Effect: 'Allow',
    Principal: principalOf(input.Principal ?? ''),
    Action: action,
    Resource: functionArn(place),
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
}

/** "The AWS service, AWS account, IAM user, or IAM role that invokes the function." */
function principalOf(principal: string): PolicyStatement['Principal'] {
  if (principal === '*') return '*';
  if (SERVICE.test(principal)) return { Service: principal };
  if (ACCOUNT.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (PRINCIPAL_ARN.test(principal)) return { AWS: principal };
  throw invalidParameter(`The provided principal was invalid. Please check the principal and try again.`);
}

export function removePermission(input: RemovePermissionRequest, context: CallContext): object {
  const found = ownFunction(input, context);
  const stored = context.data.get(policies, functionKey(found));
  const rest = stored?.statements.filter(({ Sid }) => Sid !== input.StatementId) ?? [];
  if (rest.length === (stored?.statements.length ?? 0)) {
    throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
  }
  checkRevision(found, stored, input.RevisionId);
  if (rest.length === 0) context.data.delete(policies, functionKey(found));
  else {
    const policy = { revision: context.data.next('lambda/policies'), statements: rest };
    context.data.put(policies, functionKey(found), policy);
  }
  return {};
}

export function getPolicy(input: GetPolicyRequest, context: CallContext): GetPolicyResponse {
  const found = ownFunction(input, context);
  const stored = context.data.get(policies, functionKey(found));
  if (stored === undefined) throw notFound('The resource you requested does not exist.');
  return { Policy: policyText(stored.statements), RevisionId: policyRevision(found, stored) };
}

function policyText(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
}

function policyRevision(place: FunctionPlace, stored: StoredPolicy): string {
  return revisionId(`${functionArn(place)} policy ${stored.revision}`);
}

function checkRevision(place: FunctionPlace, stored: StoredPolicy | undefined, revision: string | undefined): void {
  if (revision === undefined) return;
  if (stored === undefined || policyRevision(place, stored) !== revision) throw staleRevision();
}
