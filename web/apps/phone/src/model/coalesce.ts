/**
 * Runs `run` at once; calls while it runs become one more run afterwards. For "something changed, look again": a burst
 * of a hundred changes costs two looks, and the last look always comes after the last change.
 */
export function coalesce(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let again = false;
  const loop = async () => {
    do {
      again = false;
      await run();
    } while (again);
  };
  return () => {
    if (running) {
      again = true;
      return running;
    }
    running = loop().finally(() => {
      running = undefined;
    });
    return running;
  };
}
