import { WeiqiaoError } from './weiqiao-error';

/** The whole address, if it is one people can be sent to. */
export function requireWebUrl(url: string, base?: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url, base);
  } catch (error) {
    throw new WeiqiaoError('INVALID_REQUEST', `不是有效的网址: ${url}`, {}, error);
  }
  if (parsed.protocol === 'https:' || parsed.protocol === 'http:') return parsed.href;
  throw new WeiqiaoError('INVALID_REQUEST', `登录只能在 http(s) 网址之间跳转，不支持 ${parsed.protocol}`);
}
