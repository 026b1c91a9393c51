import type { Call, Journal, Returned } from './journal';

export type StepStatus = 'waiting' | 'running' | 'done' | 'failed';

/** One step of the login as the page tells it. */
export interface Step {
  id: string;
  title: string;
  english: string;
  explanation: string;
  status: StepStatus;
  /** Short facts: label and value. */
  facts: [label: string, value: string][];
  call?: Call;
}

/** The six steps with what is known of each. `busy` names the step a request is under way for. */
export function describeSteps(journal: Journal, busy: string | null): Step[] {
  const { authorize, returned, exchange, check } = journal;
  const steps: Step[] = [
    {
      id: 'authorize',
      title: '取得授权地址',
      english: 'Ask for the address',
      explanation:
        '页面向服务要一个微信授权地址。服务签发一次性的 state（10 分钟内有效），并用 HttpOnly Cookie 把它和这个浏览器绑定。',
      status: callStatus(authorize),
      facts: [],
    },
    {
      id: 'consent',
      title: '在微信里确认',
      english: 'Consent in WeChat',
      explanation:
        '浏览器跳到微信的授权页。同意之后，微信带着一次性的 code 和原样的 state 跳回本页；业务参数原样保留。',
      status: consentStatus(returned),
      facts: returned?.code ? [['code', returned.code]] : [],
    },
    {
      id: 'state',
      title: '核对 state',
      english: 'Check the state',
      explanation:
        '返回的 state 必须是刚才发出的那一个。对不上就不提交 code：那可能是别人把自己的登录塞给您（CSRF）。',
      status: stateStatus(returned, exchange),
      facts: stateFacts(returned),
    },
    {
      id: 'exchange',
      title: '换取登录',
      english: 'Exchange the code',
      explanation:
        '页面把 code 和 state 交给服务。服务再核对一次 state，向微信只换一次；access_token 等机密始终留在服务端。',
      status: callStatus(exchange),
      facts: [],
    },
    {
      id: 'store',
      title: '保存到浏览器',
      english: 'Store the result',
      explanation:
        '资料写入 localStorage，会话放在 HttpOnly Cookie 里，脚本读不到；地址栏里的 code 和 state 随即清除。',
      status: journal.stored ? 'done' : 'waiting',
      facts: journal.stored
        ? [
            ['localStorage', 'wechat_user_info、wechat_openid'],
            ['Cookie', 'weiqiao_session（HttpOnly）'],
          ]
        : [],
    },
    {
      id: 'check',
      title: '检查有效期',
      english: 'Check the 24 hours',
      explanation:
        '每次打开页面都问一次服务：认识这个 openid 吗？24 小时过了吗？现在刷新页面，会直接从这一步开始。',
      status: callStatus(check),
      facts: [],
    },
  ];
  const calls: Record<string, Call | undefined> = { authorize, exchange, check };
  return steps.map((step) => {
    const call = calls[step.id];
    return { ...step, status: busy === step.id ? 'running' : step.status, ...(call ? { call } : {}) };
  });
}

function callStatus(call: Call | undefined): StepStatus {
  if (!call) return 'waiting';
  return call.status === 200 ? 'done' : 'failed';
}

function consentStatus(returned: Returned | undefined): StepStatus {
  if (!returned) return 'waiting';
  return returned.verdict === 'denied' ? 'failed' : 'done';
}

function stateStatus(returned: Returned | undefined, exchange: Call | undefined): StepStatus {
  switch (returned?.verdict) {
    case 'match':
      return 'done';
    case 'mismatch':
      return 'failed';
    case 'left_to_service':
      // This tab has nothing to compare with: the service's verdict is the check.
      return callStatus(exchange);
    default:
      return 'waiting';
  }
}

function stateFacts(returned: Returned | undefined): [string, string][] {
  if (!returned || returned.verdict === 'denied') return [];
  const verdicts = {
    match: '一致',
    mismatch: returned.sent === null ? '不是这个浏览器发起的，没有提交 code' : '不一致，已拒绝',
    left_to_service: '由这个浏览器的另一个标签页发出，服务再凭 Cookie 核对',
  };
  return [
    ['发出', returned.sent ?? '（无记录）'],
    ['收到', returned.received ?? '（无）'],
    ['结论', verdicts[returned.verdict]],
  ];
}
