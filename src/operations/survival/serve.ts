import { documentAddress } from '../../engine/address.ts';
import { PATH } from '../../reconcilers/survival-service/places.ts';
import type { CommandOptions } from '../plan.ts';
import type { Project } from '../project.ts';
import { findService } from './find-service.ts';
import { lookUpApi } from './open-service.ts';

export interface SurvivalDoor {
  /** kind/name. */
  readonly document: string;
  /** Base of the API, without a slash at its end. */
  readonly url: string;
  readonly path: string;
  close(): Promise<void>;
}

export interface ServeOptions extends CommandOptions {
  /** Of a SurvivalService: its name, or `kind/name`. */
  readonly name: string;
  /** Of 127.0.0.1; 0: any that is free. */
  readonly port: number;
}

/**
 * Opens the door of the embedded account, and says where the service is behind it.
 *
 * @throws SurvivalRunError TU0013, TU2040 when it is not applied; EmbeddedError TU4015 for a port that is taken
 */
export async function openSurvivalDoor(project: Project, options: ServeOptions): Promise<SurvivalDoor> {
  const { endpoint, name, port } = options;
  if (endpoint.kind !== 'embedded') throw new Error('only the embedded account has a door');
  const document = findService(project, name);
  const { api } = await lookUpApi(project, document, options);
  const door = await endpoint.account.serve(port);
  return {
    document: documentAddress(document),
    url: door.urlOf(api.id).replace(/\/$/, ''),
    path: PATH,
    close: () => door.close(),
  };
}
