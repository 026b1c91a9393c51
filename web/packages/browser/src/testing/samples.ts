import type { UserInfo } from '../types';

export const DESKTOP_CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';
export const ANDROID_WECHAT =
  'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 MicroMessenger/8.0.50';
export const IPHONE_WECHAT =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile MicroMessenger/8.0.50';

export function aUser(changes: Partial<UserInfo> = {}): UserInfo {
  return {
    openid: 'o-xiaoming',
    nickname: '小明',
    headimgurl: '',
    sex: 1,
    language: 'zh_CN',
    country: '',
    province: '',
    city: '',
    privilege: [],
    login_time: 1757062690,
    expires_at: 1757149090,
    ...changes,
  };
}

/** What the fake service answers: a status with a JSON body, raw text, or nothing at all. */
export type Answer =
  | { status: number; body: unknown }
  | { status: number; text: string }
  | 'offline'
  | 'hangs';

export function success(data: unknown): Answer {
  return { status: 200, body: { success: true, code: 200, message: 'success', data, timestamp: 0 } };
}

export function failure(status: number, message: string, error: Record<string, unknown> = {}): Answer {
  return {
    status,
    body: { success: false, code: status, message, error, timestamp: 0, request_id: 'req-1' },
  };
}
