/** Why a new password cannot be taken; nothing: it can, as far as this page knows. */
export function passwordProblem(password: string, again: string): string | undefined {
  const length = [...password].length;
  if (length < 12) return `密码至少 12 个字符，现在是 ${length} 个。`;
  if (length > 128) return '密码最多 128 个字符。';
  if (password !== again) return '两次输入的密码不一样。';
  return undefined;
}
