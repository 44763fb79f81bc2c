import type { Clock } from '../engine/types.ts';
import type { Notice, NoticeFault } from '../notify/notice.ts';
import { createNotifier } from '../notify/notifier.ts';
import { clockOf } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import type { Project } from './project.ts';
import { connect } from './world.ts';

export interface NotifyOptions {
  readonly endpoint: Endpoint;
  /** By which role: the one that the verb works with. */
  readonly role: 'plan' | 'apply';
  /** Ends the names of assumed sessions. */
  readonly run?: string;
  /** By which pauses are made; default: the endpoint's. */
  readonly clock?: Clock;
}

/** Tells whoever `spec.notify` of Settings names; nobody is no fault. Nothing is asked of AWS where there is nobody. */
export async function notify(
  project: Project,
  notice: Notice,
  { endpoint, role, run, clock = clockOf(endpoint) }: NotifyOptions,
): Promise<readonly NoticeFault[]> {
  const { settings, defaultAccount } = project;
  if (!settings.notify) return [];
  const aws = connect(project, { endpoint, role, ...(run && { run }) });
  const place = { account: defaultAccount.id, region: settings.defaultRegion };
  const reach = isEmbedded(endpoint) ? 'loopback' : 'slack';
  return createNotifier({ aws, settings: settings.notify, place, reach, clock }).notify(notice);
}

/** A function of the embedded account knows it by its hook. */
function isEmbedded(endpoint: Endpoint): boolean {
  return endpoint.kind === 'embedded' || (endpoint.kind === 'function' && endpoint.surroundings.plugin !== undefined);
}
