import { expect, it } from 'vitest';
import { toolOf } from './tool.ts';

it.each([
  ['aws-cli/2.27.1 md/awscrt#0.26 ua/2.1 os/linux', false, 'cli'],
  // CloudShell: credentials of the console, the CLI as the tool.
  ['aws-cli/2.27.1 exec-env/CloudShell', true, 'cli'],
  ['APN/1.0 HashiCorp/1.0 Terraform/1.9.8 terraform-provider-aws/5.70 aws-sdk-go-v2/1.31', false, 'terraform'],
  ['APN/1.0 OpenTofu/1.8 aws-sdk-go-v2/1.31', false, 'terraform'],
  ['Mozilla/5.0 (X11; Linux x86_64) Firefox/132.0', true, 'console'],
  ['AWS Internal', true, 'console'],
  ['console.amazonaws.com', false, 'console'],
  ['Boto3/1.35.0 Botocore/1.35', false, 'sdk'],
  ['aws-sdk-js/3.1164.0 ua/2.1', false, 'sdk'],
  ['cloudformation.amazonaws.com', false, 'other'],
  ['', false, 'other'],
] as const)('%s (from the console: %s) is %s', (userAgent, isFromConsole, tool) => {
  expect(toolOf(userAgent, isFromConsole)).toBe(tool);
});
