/** How much of a login's life is left, as text and as parts for a progress bar. */
export interface Countdown {
  text: string;
  /** Seconds left and seconds in all. */
  left: number;
  total: number;
}

/** `now` is the service's time in epoch milliseconds: phones and movable clocks may tell another. */
export function countdown(loginTime: number, expiresAt: number, now: number): Countdown {
  const left = Math.max(0, Math.ceil(expiresAt - now / 1000));
  const hours = Math.floor(left / 3600);
  const pad = (value: number) => String(value).padStart(2, '0');
  const text = left === 0 ? '已过期' : `${pad(hours)}:${pad(Math.floor(left / 60) % 60)}:${pad(left % 60)}`;
  return { text, left, total: Math.max(1, expiresAt - loginTime) };
}
