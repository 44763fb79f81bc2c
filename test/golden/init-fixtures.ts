import type { InitResult } from '../../src/init/result.ts';

/** One file of each state. */
export const initiated: InitResult = {
  format: 'trueup/init@1',
  files: [
    { path: '.github/workflows/plan.yml', state: 'left' },
    { path: '.gitignore', state: 'extended' },
    { path: '.trueup-schemas/instance-schedule.schema.json', state: 'same' },
    { path: 'config/zone-mirror/corp.yaml', state: 'written' },
  ],
  next: [
    'trueup plan --endpoint embedded',
    'trueup iam --repository acme/estate --repository-id 4711',
    'git add .gitignore && git commit -m "Begin with trueup"',
  ],
};
