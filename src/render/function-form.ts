import { join, ref } from './intrinsics.ts';
import { HANDLERS_BUCKET, HANDLERS_FOLDER, HANDLERS_PREFIX } from './names.ts';
import type { Declaration, Form } from './rows.ts';
import type { TemplateParameter } from './types.ts';

const PARAMETERS: Readonly<Record<string, TemplateParameter>> = {
  [HANDLERS_BUCKET]: {
    Type: 'String',
    Description: 'Name of the S3 bucket, in the region of this stack, that holds the zips of the functions.',
  },
  [HANDLERS_PREFIX]: {
    Type: 'String',
    Description: 'What their keys begin with, the closing slash included.',
    Default: HANDLERS_FOLDER,
  },
};

/**
 * AWS::Lambda::Function takes its code from S3. The key holds the hash of the zip: another code has another key, and so
 * CloudFormation updates the function.
 */
export function functionForm({ properties, handlerName }: Declaration): Form {
  const { Code, VpcConfig, ...rest } = properties;
  const { Sha256: sha256 } = Code as { readonly Sha256: string };
  const { SubnetIds, SecurityGroupIds } = (VpcConfig ?? {}) as Readonly<Record<string, readonly string[]>>;
  const isInVpc = [SubnetIds, SecurityGroupIds].some((ids) => ids !== undefined && ids.length > 0);
  const name = `${handlerName(sha256)}-${Buffer.from(sha256, 'base64').toString('hex')}.zip`;
  return {
    properties: {
      ...rest,
      Code: { S3Bucket: ref(HANDLERS_BUCKET), S3Key: join([ref(HANDLERS_PREFIX), name]) },
      ...(VpcConfig !== undefined && isInVpc && { VpcConfig }),
    },
    parameters: PARAMETERS,
    handler: { name, sha256 },
  };
}
