import type { RouteSettings } from '@aws-sdk/client-apigatewayv2';
import { badRequest } from './errors.ts';

/** "Amazon API Gateway account-level quotas": requests a second of an account in a region, and its burst. */
export const ACCOUNT_RATE = 10_000;
export const ACCOUNT_BURST = 5000;

/** Settings of a stage for its routes, checked. @throws BadRequestException */
export function checkSettings(settings: RouteSettings): RouteSettings {
  const { LoggingLevel, DataTraceEnabled, ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = settings;
  if ((LoggingLevel !== undefined && LoggingLevel !== 'OFF') || DataTraceEnabled === true) {
    throw badRequest('Execution logs are not supported on protocolType HTTP');
  }
  if (rate !== undefined && !(rate >= 0 && Number.isFinite(rate))) {
    throw badRequest(`ThrottlingRateLimit must be a number from 0: ${rate}`);
  }
  if (burst !== undefined && !(Number.isInteger(burst) && burst >= 0)) {
    throw badRequest(`ThrottlingBurstLimit must be a whole number from 0: ${burst}`);
  }
  return {
    DetailedMetricsEnabled: settings.DetailedMetricsEnabled ?? false,
    ...(rate !== undefined && { ThrottlingRateLimit: rate }),
    ...(burst !== undefined && { ThrottlingBurstLimit: burst }),
  };
}
