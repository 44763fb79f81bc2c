import type { Aws } from '../../aws/clients.ts';
import { createSigner } from '../../aws/sign-request.ts';
import type { EmbeddedAccount } from '../../embedded/index.ts';
import { documentAddress } from '../../engine/address.ts';
import { observeDocument } from '../../engine/observe.ts';
import { kindOf } from '../../engine/world.ts';
import { API, homeOf, PATH } from '../../reconcilers/survival-service/places.ts';
import type { SurvivalService } from '../../reconcilers/survival-service/places.ts';
import { clockOf } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { worldOptions } from '../plan.ts';
import type { CommandOptions } from '../plan.ts';
import type { Project } from '../project.ts';
import { connect, createWorld } from '../world.ts';
import type { ServiceTarget } from './ask-service.ts';
import { SurvivalRunError } from './errors.ts';
import { findService } from './find-service.ts';
import { createHttpClient } from './http-post.ts';
import type { Connection } from './http-post.ts';

/** A deployed service that can be asked. */
export interface OpenService {
  readonly document: SurvivalService;
  readonly target: ServiceTarget;
  readonly aws: Aws;
  close(): Promise<void>;
}

export interface OpenServiceOptions extends CommandOptions {
  /** Of a SurvivalService: its name, or `kind/name`. */
  readonly name: string;
  /** A bearer token, for a service with `auth.jwt`. */
  readonly token?: string;
  readonly connections: number;
}

/**
 * Finds the document, its API, and whose credentials sign. It acts as the apply role, as other verbs of a kind do.
 *
 * @throws SurvivalRunError TU0013, TU2040 when it is not applied, TU0018 for a token that is missing or not taken
 */
export async function openService(project: Project, options: OpenServiceOptions): Promise<OpenService> {
  const document = findService(project, options.name);
  refuseToken(document, options.token);
  const { aws, api } = await lookUpApi(project, document, options);
  const url = new URL(PATH, api.endpoint);
  const door = await openDoor(options.endpoint, api.id);
  const http = createHttpClient(door?.connection ?? connectionOf(url), options.connections);
  return {
    document,
    aws,
    target: {
      document: documentAddress(document),
      url,
      http,
      ...(await authorization(document, project, aws, options)),
    },
    async close() {
      http.end();
      await door?.close();
    },
  };
}

function refuseToken(document: SurvivalService, token: string | undefined): void {
  const { jwt } = document.spec.auth;
  const address = documentAddress(document);
  if (jwt && token === undefined) {
    throw new SurvivalRunError('TU0018', `${address} takes tokens of ${jwt.issuer}, and none was given`, {
      hint: 'put one into an environment variable and name that: --token-env NAME',
      exit: 'usage',
    });
  }
  if (!jwt && token !== undefined) {
    throw new SurvivalRunError('TU0018', `${address} is asked with signed requests: it takes no token`, {
      hint: 'leave out --token-env',
      exit: 'usage',
    });
  }
}

interface DeployedApi {
  readonly id: string;
  readonly endpoint: string;
}

export async function lookUpApi(
  project: Project,
  document: SurvivalService,
  options: CommandOptions,
): Promise<{ readonly aws: Aws; readonly api: DeployedApi }> {
  const chosen = worldOptions(options, { role: 'apply', listing: 'when-moved' });
  const aws = connect(project, chosen);
  const world = createWorld(project, aws, chosen);
  const resources = kindOf(world, document).compile(document, world.estate);
  const seen = await observeDocument(
    world,
    document,
    // It is found by its marker: what it comes after when it is made need not be looked at.
    resources.filter(({ id }) => id === API).map(({ after: _after, ...api }) => api),
    '',
  );
  const observation = seen[0]?.observation;
  const address = documentAddress(document);
  if (observation?.state === 'unknown') {
    throw new SurvivalRunError('TU2040', `the API of ${address} could not be looked at: ${observation.detail}`, {
      hint: 'trueup iam prints what the apply role needs',
    });
  }
  const { ApiId: id, ApiEndpoint: endpoint } = observation?.state === 'present' ? observation.attributes : {};
  if (typeof id === 'string' && typeof endpoint === 'string') return { aws, api: { id, endpoint } };
  throw new SurvivalRunError('TU2040', `${address} has no API yet`, {
    hint: 'make it: trueup plan, then trueup apply',
  });
}

function connectionOf({ protocol, hostname, port }: URL): Connection {
  return {
    protocol: protocol === 'http:' ? 'http:' : 'https:',
    host: hostname,
    ...(port !== '' && { port: Number(port) }),
  };
}

interface Door {
  readonly connection: Connection;
  close(): Promise<void>;
}

/** APIs of the embedded account answer behind its door, by the name that they have at AWS. */
async function openDoor(endpoint: Endpoint, id: string): Promise<Door | undefined> {
  if (endpoint.kind !== 'embedded') return undefined;
  const { account }: { readonly account: EmbeddedAccount } = endpoint;
  const door = await account.serve(0);
  return { connection: connectionOf(new URL(door.urlOf(id))), close: () => door.close() };
}

async function authorization(
  document: SurvivalService,
  project: Project,
  aws: Aws,
  { token, endpoint }: OpenServiceOptions,
): Promise<Pick<ServiceTarget, 'authorize' | 'deniedHint'>> {
  if (token !== undefined) {
    return {
      authorize: async ({ headers, url }) => ({ ...headers, host: url.host, authorization: `Bearer ${token}` }),
      deniedHint: 'the token has expired, or has another issuer or audience than auth.jwt of the document',
    };
  }
  const sign = await createSigner(aws, homeOf(document, project.estate), 'execute-api');
  const clock = clockOf(endpoint);
  return {
    authorize: ({ url, headers, body }) => sign({ method: 'POST', url, headers, body }, clock.now()),
    deniedHint: 'the apply role needs execute-api:Invoke: trueup iam prints it',
  };
}
