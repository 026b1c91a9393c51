import type { Fault, NewFault } from './types';

/** A failure people meet with WeChat, ready to be had. */
export interface Preset {
  id: string;
  title: string;
  /** What the next call meets and what a good service does. */
  text: string;
  faults: NewFault[];
  /** Another program fetches the token: not a fault but an act. */
  steals?: true;
}

const TOKENS = ['/cgi-bin/stable_token', '/cgi-bin/token'];

const once = (path: string, rest: Omit<NewFault, 'path' | 'times'>): NewFault => ({
  path,
  times: 1,
  ...rest,
});

/** The presets of web login and JS-SDK. */
export const PRESETS: readonly Preset[] = [
  {
    id: 'stolen',
    title: 'token 被别的系统刷掉了',
    text: '另一个程序获取了 access_token，手里的这一个立即失效（40001）。好的服务会换新 token 重发一次，用户无感。',
    faults: [],
    steals: true,
  },
  {
    id: 'code-used',
    title: '授权码已被使用（40163）',
    text: '下一次用 code 换登录会被拒绝。页面应提示重新授权。',
    faults: [once('/sns/oauth2/access_token', { errcode: 40163 })],
  },
  {
    id: 'ip',
    title: 'IP 不在白名单（40164）',
    text: '下一次获取 token 会被拒绝。重试没有用，应提示到公众平台添加 IP。',
    faults: TOKENS.map((path) => once(path, { errcode: 40164 })),
  },
  {
    id: 'secret',
    title: 'AppSecret 错误（40125）',
    text: '下一次获取 token 和换登录都会被拒绝。不应反复重试。',
    faults: [...TOKENS, '/sns/oauth2/access_token'].map((path) => once(path, { errcode: 40125 })),
  },
  {
    id: 'quota',
    title: '配额用完（45009）',
    text: '接下来 5 次获取 jsapi_ticket 都会被拒绝。缓存着的 ticket 仍应可用。',
    faults: [{ path: '/cgi-bin/ticket/getticket', times: 5, errcode: 45009 }],
  },
  {
    id: 'busy',
    title: '系统繁忙（-1）',
    text: '下一次读取用户资料得到 -1。稍后重试通常就好。',
    faults: [once('/sns/userinfo', { errcode: -1 })],
  },
  {
    id: 'html',
    title: '网关返回 HTML 502',
    text: '下一次换登录得到一页 HTML。不能当作成功，也不能把 HTML 给用户看。',
    faults: [
      once('/sns/oauth2/access_token', {
        status: 502,
        body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
      }),
    ],
  },
  {
    id: 'cut',
    title: '回答传到一半断开',
    text: '微信已经处理，但回答只到 20 个字节。code 已经用掉，结果属于“不确定”。',
    faults: [once('/sns/oauth2/access_token', { cut_at: 20, deliver: true })],
  },
  {
    id: 'reset',
    title: '连接被重置',
    text: '下一次读取用户资料时连接断开，没有任何回答。',
    faults: [once('/sns/userinfo', { reset: true })],
  },
  {
    id: 'jitter',
    title: '微信抖动',
    text: '三成的调用要等 3 秒才有回答，直到您清除它。',
    faults: ['/sns/*', '/cgi-bin/*'].map((path) => ({ path, probability: 0.3, delay_ms: 3000 })),
  },
];

/** A pending fault in one line. */
export function describeFault(fault: Fault): string {
  const when = fault.probability
    ? `${Math.round(fault.probability * 100)}% 的调用`
    : `接下来 ${fault.times ?? 1} 次`;
  const effects = [
    fault.delay_ms ? `等待 ${fault.delay_ms} ms` : '',
    fault.errcode ? `errcode ${fault.errcode}` : '',
    fault.status ? `HTTP ${fault.status}` : '',
    fault.body ? '返回指定内容' : '',
    fault.cut_at ? `${fault.cut_at} 字节后断开` : '',
    fault.reset ? '断开连接' : '',
  ].filter(Boolean);
  return `${when}：${effects.join('，')}${fault.deliver ? '（已处理之后）' : ''}`;
}

/** The own-fault form's values as a fault; null when it would do nothing. */
export function readFaultForm(values: Record<string, string>): NewFault | null {
  const number = (name: string) => {
    const text = values[name]?.trim();
    return text ? Number(text) : undefined;
  };
  const fault: NewFault = { path: values.path ?? '' };
  const percent = number('percent');
  if (percent !== undefined) fault.probability = percent / 100;
  else fault.times = number('times') ?? 1;
  const errcode = number('errcode');
  if (errcode !== undefined) fault.errcode = errcode;
  const status = number('status');
  if (status !== undefined) fault.status = status;
  const delay = number('delay');
  if (delay !== undefined && delay > 0) fault.delay_ms = delay;
  if (values.reset === 'on') fault.reset = true;
  if (values.deliver === 'on') fault.deliver = true;
  const works = errcode !== undefined || status !== undefined || fault.delay_ms !== undefined || fault.reset;
  return works ? fault : null;
}
