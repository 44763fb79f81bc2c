/** What CloudTrail does not show: bodies, what belongs to them, and what the SDK adds to every request. */
const HIDDEN = ['Body', 'ChecksumAlgorithm', 'ChecksumMode', 'ContentMD5', 'Metadata'];

/** A request's parameters as CloudTrail words them: `bucketName`, `key`, never a body. */
export function trailInput(input: object): object {
  const shown = Object.entries(input).filter(([field]) => !HIDDEN.includes(field));
  return Object.fromEntries(
    shown.map(([field, value]: [string, unknown]) => [field === 'Bucket' ? 'bucketName' : field, value]),
  );
}
