/** How a word of the API is said to people, and whether it is good news. */
export interface Word {
  text: string;
  tone: 'green' | 'amber' | 'red' | '';
}

type Table = Record<string, Word>;

const TOKENS: Table = {
  good: { text: '正常', tone: 'green' },
  none: { text: '尚未获取', tone: '' },
  expired: { text: '已过期，用时自动刷新', tone: 'amber' },
  resting: { text: '获取失败，暂停重试', tone: 'red' },
  failing: { text: '获取失败', tone: 'red' },
};

const HOLDS: Record<string, string> = {
  quota: '今日额度已用完，明天自动继续',
  busy: '微信繁忙，一分钟后继续',
  account: '微信拒绝了账号的密钥或 IP',
  unreachable: '连接不上微信',
};

const VERDICTS: Table = {
  sent: { text: '成功', tone: 'green' },
  failed: { text: '失败，将重试', tone: 'amber' },
  refused: { text: '被拒绝', tone: 'red' },
  not_sent: { text: '没有发出，将重试', tone: 'amber' },
  throttled: { text: '超过频率，将重试', tone: 'amber' },
  uncertain: { text: '不确定是否送达', tone: 'amber' },
};

const KINDS: Record<string, string> = {
  subscribe_message: '行为通知',
  direct_message: '按请求发送的消息',
  customer_message: '客服消息',
  webhook: 'Webhook',
};

const ROLES: Record<string, string> = {
  admin: '管理员',
  supervisor: '主管',
  advisor: '顾问',
  viewer: '只读',
};

export const tokenWord = (word: string): Word => TOKENS[word] ?? { text: word, tone: '' };
export const holdText = (word: string): string => HOLDS[word] ?? word;
export const verdictWord = (word: string | null): Word =>
  word === null ? { text: '进行中', tone: '' } : (VERDICTS[word] ?? { text: word, tone: '' });
export const kindText = (word: string): string => KINDS[word] ?? word;
export const roleText = (word: string): string => ROLES[word] ?? word;

/** The parts the service depends on, and the way to WeChat. */
export function partWord(state: string): Word {
  if (state === 'up') return { text: '正常', tone: 'green' };
  if (state === 'none') return { text: '未配置', tone: '' };
  if (state === 'failing') return { text: '刚才没有回应', tone: 'amber' };
  if (state === 'resting') return { text: '连不上，稍后再试', tone: 'red' };
  return { text: '连不上', tone: 'red' };
}
