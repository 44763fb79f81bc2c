import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Aws, Manner } from './clients.ts';
import { AwsError, isAwsError } from './errors.ts';
import type { Place } from '../engine/types.ts';

const SSM = 'ssm:';
const SECRETS_MANAGER = 'secretsmanager:';

/**
 * Reads the secret that a reference names, `ssm:/path` or `secretsmanager:name`.
 * @throws AwsError TU2010 when there is no such secret; the SDK's error when it may not be read.
 */
export async function readSecret(aws: Aws, reference: string, place: Place, manner?: Manner): Promise<string> {
  const value = reference.startsWith(SSM)
    ? await readParameter(await aws.client(SSMClient, place, manner), reference.slice(SSM.length))
    : await readSecretValue(
        await aws.client(SecretsManagerClient, place, manner),
        reference.slice(SECRETS_MANAGER.length),
      );
  if (value) return value;
  throw missing(reference, place);
}

async function readParameter(client: SSMClient, name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    return Parameter?.Value;
  } catch (error) {
    if (isAwsError(error, 'ParameterNotFound')) return undefined;
    throw error;
  }
}

async function readSecretValue(client: SecretsManagerClient, name: string): Promise<string | undefined> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    return SecretString;
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

function missing(reference: string, place: Place): AwsError {
  const command = reference.startsWith(SSM)
    ? `aws ssm put-parameter --type SecureString --name ${reference.slice(SSM.length)} --value file://key.txt`
    : `aws secretsmanager create-secret --name ${reference.slice(SECRETS_MANAGER.length)} --secret-string file://key.txt`;
  return new AwsError('TU2010', `the secret ${reference} does not exist in ${place.account}, ${place.region}`, {
    hint: command,
  });
}
