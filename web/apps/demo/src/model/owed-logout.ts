import { explain, type Place, type Problem } from './explain';

/** Where the SDK marks a log-out that the service has not heard of. */
const OWED_KEY = 'wechat_logout_owed';

/** The browser has forgotten the login, the service has not. */
export const LOGOUT_OWED: Problem = {
  what: '还没能告诉服务您已退出',
  why: '这个浏览器已经清除了登录资料，但服务没有确认，它那边的会话在到期之前仍然有效。',
  next: '下次打开或刷新本页时会再告诉服务一次。在共用的电脑上，请等服务恢复、这条提示不再出现之后再离开。',
  retry: true,
  facts: [],
};

/** The same with the reason why the service could not be told just now. */
export function explainOwedLogout(error: unknown, place?: Place): Problem {
  const { what, facts } = explain(error, place);
  return { ...LOGOUT_OWED, why: `${what}：${LOGOUT_OWED.why}`, facts };
}

export function isLogoutOwed(storage: Pick<Storage, 'getItem'>): boolean {
  return Boolean(storage.getItem(OWED_KEY));
}
