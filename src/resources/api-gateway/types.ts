/** CloudFormation's names of the resource types of HTTP APIs. */
export const API = 'AWS::ApiGatewayV2::Api';
export const STAGE = 'AWS::ApiGatewayV2::Stage';
export const ROUTE = 'AWS::ApiGatewayV2::Route';
export const INTEGRATION = 'AWS::ApiGatewayV2::Integration';
export const AUTHORIZER = 'AWS::ApiGatewayV2::Authorizer';

/** What an API holds, as paths name it. */
export type Collection = 'authorizers' | 'integrations' | 'routes';
