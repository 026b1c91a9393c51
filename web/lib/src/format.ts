const pad = (value: number) => String(value).padStart(2, '0');

/** `2026-11-21 08:05:09` in the browser's zone. */
export function localTime(epochSeconds: number): string {
  const date = new Date(epochSeconds * 1000);
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join('-');
  return `${day} ${clockTime(date)}`;
}

/** `08:05:09` in the browser's zone. */
export function clockTime(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(':');
}

/** `oABCDEFGHIJK` becomes `oABC…IJK`. Short values lose more. */
export function mask(value: string): string {
  if (value.length <= 8) return `${value.slice(0, 2)}…`;
  return `${value.slice(0, 4)}…${value.slice(-4)}`;
}
