import type { AuthStatus } from '@weiqiao/browser';
import type { State } from '../state';

/** What the session card says about the login. */
export interface SessionStatus {
  label: string;
  tone: 'grey' | 'amber' | 'green' | 'red';
  text: string;
  /** Whether to offer asking once more, because nothing is known. */
  askAgain: boolean;
}

const KNOWN: Record<AuthStatus['reason'], Omit<SessionStatus, 'askAgain'>> = {
  never_logged_in: { label: '未登录', tone: 'grey', text: '这个浏览器里还没有登录记录。' },
  unknown_user: {
    label: '需要重新授权',
    tone: 'amber',
    text: '服务不认识这个 openid，或本次会话已结束；本地记录已清除。',
  },
  expired: { label: '已过期', tone: 'amber', text: '上次授权已超过 24 小时，请重新授权。' },
  valid: { label: '已登录', tone: 'green', text: '' },
};

/** A check that failed says nothing about the login: neither "in" nor "out", nor that it is still going on. */
export function sessionStatus({
  auth,
  busy,
  checkFailed,
}: Pick<State, 'auth' | 'busy' | 'checkFailed'>): SessionStatus {
  if (auth) return { ...KNOWN[auth.reason], askAgain: false };
  if (checkFailed && busy !== 'check') {
    return {
      label: '没能检查',
      tone: 'red',
      text: '没能向服务确认登录状态，这不代表您已退出登录。稍后可以再检查一次。',
      askAgain: true,
    };
  }
  return { label: '检查中', tone: 'grey', text: '正在向服务询问登录状态……', askAgain: false };
}
