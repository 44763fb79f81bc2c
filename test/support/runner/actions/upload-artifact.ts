import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Scene } from '../scene.ts';
import { inputsOf } from './inputs.ts';

const INPUTS = {
  name: 'artifact',
  path: undefined,
  'if-no-files-found': 'warn',
  overwrite: 'false',
  'retention-days': '90',
  'compression-level': '6',
  'include-hidden-files': 'false',
};

/** actions/upload-artifact v4 for one file: an archive with one entry, of the run. */
export function uploadArtifact(
  scene: Scene,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const inputs = inputsOf('actions/upload-artifact', INPUTS, given);
  const { github, run, files } = scene;
  const path = resolve(files.workspace, inputs.path.trim());
  if (!existsSync(path)) {
    const message = `No files were found with the provided path: ${path}. No artifacts will be uploaded.`;
    if (inputs['if-no-files-found'] === 'error') throw new Error(message);
    if (inputs['if-no-files-found'] === 'warn') scene.log += `::warning::${message}\n`;
    return {};
  }
  if (!statSync(path).isFile()) throw new Error(`this runner uploads one file, and ${path} is none`);
  const rivals = [...github.state.artifacts.values()].filter((one) => one.run === run && one.name === inputs.name);
  if (rivals.length > 0 && inputs.overwrite !== 'true') {
    throw new Error(
      'Failed to CreateArtifact: Received non-retryable error: (409) Conflict: an artifact with this name exists',
    );
  }
  for (const rival of rivals) github.deleteArtifact(rival);
  const content = { [basename(path)]: new Uint8Array(readFileSync(path)) };
  const artifact = github.putArtifact({ name: inputs.name, run, content });
  return { 'artifact-id': String(artifact.id), 'artifact-digest': artifact.digest?.slice('sha256:'.length) ?? '' };
}
