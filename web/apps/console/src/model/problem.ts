/** What kind of trouble it is: decides what the page does next. */
export type Trouble =
  | 'offline'
  | 'wrong'
  | 'locked'
  | 'busy'
  | 'expired'
  | 'forbidden'
  | 'invalid'
  | 'server';

interface Failure {
  message?: unknown;
  request_id?: unknown;
  error?: { code?: unknown };
}

/** A call that failed, in words for people: what happened, and what to do. */
export class Problem extends Error {
  constructor(
    readonly trouble: Trouble,
    message: string,
    readonly next: string,
    /** After how many seconds it makes sense to try again. */
    readonly waitSeconds?: number,
    readonly requestId?: string,
  ) {
    super(message);
  }

  static offline(): Problem {
    return new Problem('offline', '连接不上服务', '请检查网络，或确认服务正在运行，然后重试。');
  }

  static of(status: number, retryAfter: string | null, answer: unknown): Problem {
    const failure = (typeof answer === 'object' && answer !== null ? answer : {}) as Failure;
    const code = String(failure.error?.code ?? '');
    const id = typeof failure.request_id === 'string' ? failure.request_id : undefined;
    const said = typeof failure.message === 'string' ? failure.message : '';
    const wait = retryAfter && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
    const make = (trouble: Trouble, message: string, next: string) =>
      new Problem(trouble, message, next, wait, id);
    if (code === 'INVALID_CREDENTIALS') return make('wrong', said, '请核对后再输入；注意大小写和输入法。');
    if (code === 'TOO_MANY_ATTEMPTS')
      return make(
        'locked',
        said,
        '为了防止有人猜密码，这个用户名要等一会儿；别的用户名不受影响。忘记密码请联系管理员重设。',
      );
    if (status === 429) return make('busy', said || '请求太频繁', '请稍等片刻再试。');
    if (status === 401) return make('expired', '登录已过期', '请重新登录。');
    if (status === 403) return make('forbidden', said || '没有权限', '请联系管理员调整您的角色。');
    if (status === 400 || status === 409)
      return make('invalid', said.replace(/^请求参数错误: /, '') || '内容不正确', '请修改后再提交。');
    return make('server', said || '服务出错了', '请稍后重试；如果一直这样，请把请求编号告诉运维。');
  }
}
