/** What all came to, once all have ended: none runs on behind a failure. @throws the first that failed */
export async function allEnded<Result>(runs: readonly Promise<Result>[]): Promise<readonly Result[]> {
  await Promise.allSettled(runs);
  return Promise.all(runs);
}
