import type { ApproveResult, PublishResult } from '../../src/bundle/result.ts';

const COMMIT = '4f2a9c1e00112233445566778899aabbccddeeff';
const BEFORE = '77d0e1b3c9112233445566778899aabbccddeeff';
const DIGEST = '449b93da93b52fd6d8a00cba021f2df418e66e49ebbc2589290fe4e801ba5bba';
const OTHER = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** One that replaced another, one that lay there, one that is the first; only the first loop applies. */
export const publishedBundles: PublishResult = {
  format: 'trueup/publish@1',
  owner: 'acme-network',
  bundles: [
    {
      document: 'ReconcileLoop/main',
      bucket: 'acme-trueup',
      key: 'estate.tar.gz',
      digest: DIGEST,
      generation: 1042,
      commit: COMMIT,
      committedAt: '2026-11-26T03:00:00Z',
      action: 'published',
      previous: { commit: BEFORE, generation: 1041, digest: OTHER },
      approvable: true,
    },
    {
      document: 'ReconcileLoop/reporting',
      bucket: 'acme-trueup',
      key: 'a/very/long/key/that/somebody/chose/for/reasons/of/their/own/estate-network-production.tar.gz',
      digest: OTHER,
      generation: 1041,
      commit: BEFORE,
      committedAt: '2026-11-25T18:12:44Z',
      action: 'unchanged',
      approvable: false,
    },
    {
      document: 'ReconcileLoop/second',
      bucket: 'acme-other',
      key: 'estate.tar.gz',
      digest: DIGEST,
      generation: 1042,
      commit: COMMIT,
      committedAt: '2026-11-26T03:00:00Z',
      action: 'published',
      approvable: false,
    },
  ],
  calls: { KMS: { reads: 3, writes: 0 }, S3: { reads: 3, writes: 2 }, STS: { reads: 1, writes: 0 } },
};

/** Nothing of it is new, and no loop applies. */
export const nothingPublished: PublishResult = {
  ...publishedBundles,
  bundles: publishedBundles.bundles.filter(({ action }) => action === 'unchanged'),
};

const PLAN = { digest: OTHER, sha256: DIGEST, approvedAt: '2026-11-26T03:00:00.000Z' };
const APPROVAL = { bucket: 'acme-trueup', bundle: DIGEST, commit: COMMIT, generation: 1042 };

export const approvedPlans: ApproveResult = {
  format: 'trueup/approve@1',
  owner: 'acme-network',
  approvals: [
    { ...APPROVAL, document: 'ReconcileLoop/main', key: 'estate.tar.gz.approval.json', plans: [PLAN], action: 'approved' },
    {
      ...APPROVAL,
      document: 'ReconcileLoop/second',
      key: 'second.tar.gz.approval.json',
      plans: [PLAN, { ...PLAN, digest: DIGEST, sha256: OTHER }],
      action: 'extended',
    },
    { ...APPROVAL, document: 'ReconcileLoop/third', key: 'third.approval.json', plans: [PLAN], action: 'unchanged' },
  ],
  calls: { KMS: { reads: 5, writes: 0 }, S3: { reads: 6, writes: 2 }, STS: { reads: 1, writes: 0 } },
};
