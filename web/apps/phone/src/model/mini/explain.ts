/** Why nothing was sent: this device has no network. */
export const DISCONNECTED = 'net::ERR_INTERNET_DISCONNECTED';

/** What a failed call means and what to do about it, for people. */
export interface Explained {
  title: string;
  /** The service's own words, or what happened on the way. */
  why: string;
  next: string;
  /** Worth trying again as it is. */
  retry: boolean;
  /** The service's word for it, WeChat's number, the request: for looking it up. */
  facts: [name: string, value: string][];
}

/** What is needed to explain a call. */
export interface Ended {
  status: number;
  failure: string;
  /** The body, parsed or as text. */
  data: unknown;
  service: string | null;
  /** Asked in the name of a member of staff, not of the person whose phone it is. */
  staff?: boolean;
}

type Named = Record<string, unknown>;

const asObject = (value: unknown): Named =>
  typeof value === 'object' && value !== null ? (value as Named) : {};
const asText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const STATUS: Readonly<Record<number, [title: string, next: string]>> = {
  400: ['请求参数不对', '按字段说明改正后再试。'],
  401: ['没有登录，或者会话过期了', '重新 wx.login，再用新的 code 换一次会话。'],
  403: ['没有权限', '看看登录的是不是这个人，或者请管理员授权。'],
  404: ['服务没有这个接口', '核对路径；服务的接口列表在 /docs。'],
  405: ['请求方法不对', '核对是 GET 还是 POST。'],
  409: ['与之前的请求冲突', '同一个 Idempotency-Key 只能配同一个请求体；换一个新的再发。'],
  413: ['请求体太大', '减小请求体，或调大服务的上限。'],
  415: ['Content-Type 不对', '这个接口只收 application/json。'],
  429: ['太频繁了', '等一会儿再试（回答里的 Retry-After 是秒数）。'],
  500: ['微信拒绝了，或者服务出错', '看下面微信的错误码；没有错误码时请看服务的日志。'],
  503: ['服务的数据库或缓存暂时不可用', '稍等片刻重试；数据没有丢，也没有写入一半。'],
};

/** What staff meet: their login has nothing to do with `wx.login`. */
const STAFF: Readonly<Record<number, [title: string, next: string]>> = {
  401: ['员工登录已过期', '用员工的用户名和密码重新登录。'],
  403: ['这个员工看不了', '换一个有权限的员工登录，或者请管理员调整角色。'],
};

/** Where the service's word says more than the status. */
const CODES: Readonly<Record<string, [title: string, next: string]>> = {
  INVALID_CREDENTIALS: [
    '没有登录成功',
    '核对用户名和密码再输入；演示环境的印在启动时的终端里。连错五次，这个用户名要等一分钟。',
  ],
  TOO_MANY_ATTEMPTS: ['登录暂时关闭', '错得太多，这个用户名要等一会儿；等待时间会越来越长。'],
};

/** Null when the call went well. */
export function explain({ status, failure, data, service, staff = false }: Ended): Explained | null {
  if (status === 0) return unreachable(failure, service);
  if (status < 400) return null;
  const { message, error, request_id } = asObject(data);
  const { code, errcode, errmsg, hint, retryable, details } = asObject(error);
  const [title, next] = CODES[asText(code)] ??
    (staff ? STAFF[status] : undefined) ??
    STATUS[status] ?? [`HTTP ${status}`, '看看服务的日志。'];
  const named: [string, unknown][] = [
    ['error.code', code],
    ['errcode', errcode],
    ['errmsg', errmsg],
    ['request_id', request_id],
  ];
  const fields = Array.isArray(details) ? details.map((one) => asText(asObject(one).message)) : [];
  return {
    title,
    // What is wrong with which field is easier to read than the sentence clients rely on.
    why: fields.filter(Boolean).join('；') || asText(message) || '服务没有说明原因。',
    next: asText(hint) || next,
    retry: retryable === true || status === 503 || (status === 429 && code !== 'TOO_MANY_ATTEMPTS'),
    facts: named.map(([name, value]): [string, string] => [name, asText(value)]).filter(([, value]) => value),
  };
}

function unreachable(failure: string, service: string | null): Explained {
  if (service === null)
    return {
      title: '还不知道服务在哪里',
      why: '模拟器没有设置 service_url，小程序的请求无处可发。',
      next: '用 weixin-emulator --service-url http://localhost:3001 启动，或 POST /_emulator/settings。',
      retry: true,
      facts: [],
    };
  if (failure === DISCONNECTED)
    return {
      title: '没有网络',
      why: `浏览器说这台设备没有连上网络，请求没有送到 ${service}。`,
      next: '填好的内容还在。连上网络后点「重试」；服务在本机时也看看它是否启动了。',
      retry: true,
      facts: [],
    };
  const late = failure === 'timeout';
  return {
    title: late ? '服务太久没有回答' : '连不上服务',
    why: late ? `${service} 在限定时间内没有回答。` : `请求发给了 ${service}，没有收到回答。`,
    next: late
      ? '看看服务是否卡住，再重试。'
      : `在浏览器里打开 ${service}/livez：打不开就是服务没有启动；打得开就是它不允许本页跨域，把本页的来源写进服务的 CORS_ORIGIN。之后点「重试」。`,
    retry: true,
    facts: [],
  };
}
