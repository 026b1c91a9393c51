/** `59 秒`, `9 分 05 秒`, `1 小时 02 分`. */
export function waitText(seconds: number): string {
  const left = Math.max(0, Math.ceil(seconds));
  const pad = (value: number) => String(value).padStart(2, '0');
  if (left < 60) return `${left} 秒`;
  if (left < 3600) return `${Math.floor(left / 60)} 分 ${pad(left % 60)} 秒`;
  return `${Math.floor(left / 3600)} 小时 ${pad(Math.floor((left % 3600) / 60))} 分`;
}
