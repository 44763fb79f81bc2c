import type { KindSamples } from './samples.ts';

/** A function with role and log, the API before it with an authorizer, and its alarms. */
export const survivalServiceSamples: KindSamples = {
  start: async () => ({
    samples: {
      prepare() {},

      document: (name) => `
apiVersion: trueup/v1
kind: SurvivalService
metadata: { name: ${name} }
spec:
  function: { memory: 1769, timeout: 30s, logRetention: 30d }
  auth: { jwt: { issuer: "https://login.example.com/${name}", audience: [genes, notebooks] } }
  throttle: { rate: 100, burst: 200 }
  minEvents: 5
`,

      edits: {
        issuer: {
          edit: (yaml) => yaml.replace('login.example.com', 'tokens.example.com'),
          moves: ['AWS::ApiGatewayV2::Authorizer.JwtConfiguration'],
        },
        audience: {
          edit: (yaml) => yaml.replace('[genes, notebooks]', 'genes'),
          moves: ['AWS::ApiGatewayV2::Authorizer.JwtConfiguration'],
        },
        auth: {
          edit: (yaml) => yaml.replace(/auth: .*/, 'auth: { iam: true }'),
          moves: ['AWS::ApiGatewayV2::Route.AuthorizationType'],
          takes: ['AWS::ApiGatewayV2::Authorizer'],
        },
        throttle: {
          edit: (yaml) => yaml.replace('rate: 100, burst: 200', 'rate: 20, burst: 10'),
          moves: ['AWS::ApiGatewayV2::Stage.DefaultRouteSettings', 'AWS::ApiGatewayV2::Stage.RouteSettings'],
        },
        'fewest events': {
          edit: (yaml) => yaml.replace('minEvents: 5', 'minEvents: 10'),
          moves: ['AWS::Lambda::Function.Environment'],
        },
        function: {
          edit: (yaml) =>
            yaml.replace('memory: 1769, timeout: 30s', 'memory: 3538, timeout: 20s, reservedConcurrency: 10'),
          moves: [
            'AWS::Lambda::Function.MemorySize',
            'AWS::Lambda::Function.Timeout',
            'AWS::Lambda::Function.ReservedConcurrentExecutions',
          ],
        },
        'log retention': {
          edit: (yaml) => yaml.replace('logRetention: 30d', 'logRetention: 90d'),
          moves: ['AWS::Logs::LogGroup.RetentionInDays'],
        },
        alarms: {
          edit: (yaml) => `${yaml}  alarms: { sns: "arn:aws:sns:eu-west-1:111122223333:alarms" }\n`,
          moves: ['AWS::CloudWatch::Alarm.AlarmActions', 'AWS::CloudWatch::Alarm.OKActions'],
        },
      },
      unmoved: {},
    },
    end: async () => {},
  }),
};
