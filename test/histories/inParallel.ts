/**
 * Runs the work on every item, `width` of them at a time; answers in the items' order. What fails is
 * thrown once those under way are done, so that nobody is left working in a world that is being taken
 * down; no more are begun, since what is broken for one may be broken for all.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const outcomes: PromiseSettledResult<Result>[] = [];
  const queue = [...items.entries()];
  const hasFailed = () => outcomes.some((outcome) => outcome.status === 'rejected');
  const lane = async () => {
    for (let next = queue.shift(); next && !hasFailed(); next = queue.shift()) {
      const [index, item] = next;
      const [outcome] = await Promise.allSettled([work(item)]);
      outcomes[index] = outcome;
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason] : [],
  );
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} failed: ${failures[0]}`);
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}
