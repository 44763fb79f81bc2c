import { documentAddress } from '../../engine/address.ts';
import { didYouMean } from '../../engine/config/suggest.ts';
import type { Document } from '../../engine/types.ts';
import { KIND } from '../../reconcilers/survival-service/places.ts';
import type { SurvivalService } from '../../reconcilers/survival-service/places.ts';
import type { Project } from '../project.ts';
import { SurvivalRunError } from './errors.ts';

/** By its name, or by `kind/name`. @throws SurvivalRunError TU0013 */
export function findService({ documents }: Pick<Project, 'documents'>, name: string): SurvivalService {
  const services = documents.filter((document: Document): document is SurvivalService => document.kind === KIND);
  const found = services.find((document) => [document.name, documentAddress(document)].includes(name));
  if (found) return found;
  const names = services.map((document) => document.name);
  throw new SurvivalRunError('TU0013', `there is no ${KIND} ${name}`, {
    hint:
      didYouMean(name, names) ??
      (names.length > 0 ? `one of: ${names.join(', ')}` : 'declare one, or compute here: trueup survival run --local'),
    exit: 'usage',
  });
}
