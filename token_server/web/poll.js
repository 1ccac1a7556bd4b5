// Asks again and again until there is an answer: for what the room cannot tell.

/** Return the first answer of `ask` that is not undefined, or undefined when `forMs` have passed
 * or `signal` is aborted. */
export async function poll(ask, { everyMs = 1000, forMs = Infinity, signal } = {}) {
  const until = performance.now() + forMs;
  while (!signal?.aborted && performance.now() < until) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return undefined;
}
