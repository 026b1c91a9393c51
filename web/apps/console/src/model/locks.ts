import type { Problem } from './problem';

interface Lock {
  /** Epoch milliseconds. */
  until: number;
  problem: Problem;
}

/**
 * Which user names have to wait before they are tried again. The service counts failures by name, so whoever shares this
 * browser with somebody who forgot their password does not wait with them.
 */
export function createLocks(now: () => number = Date.now) {
  const locks = new Map<string, Lock>();
  // As the service compares names.
  const folded = (name: string) => name.trim().toLowerCase();
  return {
    add(name: string, problem: Problem) {
      locks.set(folded(name), { until: now() + (problem.waitSeconds ?? 60) * 1000, problem });
    },
    /** What was said of this name and for how many seconds more it counts; nothing: it may be tried. */
    of(name: string): { problem: Problem; seconds: number } | undefined {
      const lock = locks.get(folded(name));
      if (!lock) return undefined;
      const seconds = (lock.until - now()) / 1000;
      if (seconds > 0) return { problem: lock.problem, seconds };
      locks.delete(folded(name));
      return undefined;
    },
  };
}
