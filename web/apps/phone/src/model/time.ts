import { clockTime, localTime } from '@weiqiao/page/format';
import type { Clock } from './types';

/** Emulated time now, milliseconds: the clock was read at `readAt` of this machine's time and runs on since. */
export function emulatedNow(clock: Clock, readAt: number, now: number): number {
  return clock.frozen ? clock.now_ms : clock.now_ms + (now - readAt);
}

/** `快 2 小时 5 分` – how far the emulated clock is from real time. */
export function describeOffset(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  if (minutes === 0) return '与真实时间一致';
  const parts = [
    [Math.floor(minutes / 1440), '天'],
    [Math.floor(minutes / 60) % 24, '小时'],
    [minutes % 60, '分'],
  ] as const;
  const words = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}`);
  return `比真实时间${offsetMs > 0 ? '快' : '慢'} ${words.join(' ')}`;
}

/** `1 小时 59 分` – a remaining life. */
export function describeLife(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, seconds)} 秒`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} 分` : `${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分`;
}

export const showMoment = (ms: number): string => localTime(Math.floor(ms / 1000));
export const showTime = (ms: number): string => clockTime(new Date(ms));
