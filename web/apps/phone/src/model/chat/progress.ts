import type { Attempt, Delivery } from './types';

/** One of WeChat's attempts as a small step: made, being made, or still to come. */
export interface Step {
  n: number;
  state: 'ok' | 'failed' | 'running';
  text: string;
}

export interface Progress {
  /** In one line. */
  text: string;
  tone: 'green' | 'amber' | 'red' | 'muted';
  running: boolean;
  /** Attempts worth showing: none when the first one worked. */
  steps: Step[];
}

/** What has become of a delivery so far; `most` is how often WeChat tries. */
export function progress(delivery: Delivery, most: number): Progress {
  const { attempts, outcome } = delivery;
  const steps = attempts.map(made);
  const running = outcome === 'running';
  if (running) {
    const next = Math.min(most, Math.max(0, ...attempts.map(({ n }) => n)) + 1);
    steps.push({ n: next, state: 'running', text: `${next}/${most} 正在推送……` });
  }
  const troubled = attempts.some(({ error }) => error) || attempts.length > 1;
  return {
    ...summary(delivery, most),
    running,
    steps: troubled ? steps.map((step) => ({ ...step, text: numbered(step, most) })) : [],
  };
}

function made(attempt: Attempt): Step {
  const state = attempt.error ? 'failed' : 'ok';
  const what = attempt.error ? explainError(attempt.error) : '成功';
  const copy = attempt.copy > 1 ? `第 ${attempt.copy} 份 ` : '';
  return { n: attempt.n, state, text: `${copy}${what}（${seconds(attempt.ms)}）` };
}

const numbered = (step: Step, most: number): string =>
  step.state === 'running' ? step.text : `${step.n}/${most} ${step.text}`;

function summary(delivery: Delivery, most: number): Pick<Progress, 'text' | 'tone'> {
  const last = delivery.attempts.at(-1);
  switch (delivery.outcome) {
    case 'running':
      return { text: '等待服务回答……', tone: 'muted' };
    case 'replied':
      if (delivery.reply?.type === 'transfer_customer_service')
        return { text: `已转给人工客服 · ${seconds(last?.ms ?? 0)}`, tone: 'green' };
      return delivery.shown
        ? { text: `已回复 · ${seconds(last?.ms ?? 0)}`, tone: 'green' }
        : { text: '服务有回复，但微信不会显示', tone: 'amber' };
    case 'empty':
      return { text: `已送达，没有回复 · ${seconds(last?.ms ?? 0)}`, tone: 'muted' };
    case 'failed':
      return { text: `${most} 次推送都没有成功`, tone: 'red' };
    case 'not_configured':
      return { text: '没有推送：未配置服务器地址', tone: 'amber' };
    case 'staff':
      return { text: '人工客服接待中，消息交给客服，没有推送', tone: 'muted' };
    case 'unchanged':
      return { text: '没有变化，不推送', tone: 'muted' };
  }
}

export const seconds = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} 秒`);

const KNOWN: readonly [RegExp, string][] = [
  [/^no whole answer within (\d+) ms/, '超时，没有完整回答'],
  [/^no connection/, '连不上服务'],
  [/^the connection broke/, '连接中断'],
  [/^the status is (\d+)/, '状态码不是 200'],
  [/^the answer is encrypted/, '明文模式下收到了加密回复'],
  [/^the answer is not encrypted/, '安全模式下收到了没有加密的回复'],
  [/^the answer is no (XML|JSON)/, '回复的格式不对'],
  [/^MsgSignature does not fit/, '回复的签名不对'],
  [/^Encrypt cannot be opened/, '回复解不开：AES Key 或 AppID 不一致'],
  [/must be/, '回复的字段不对'],
  [/missing/, '回复缺少字段'],
];

/** Why an attempt failed, for people; the exact words are in the sheet. */
export function explainError(error: string): string {
  return KNOWN.find(([pattern]) => pattern.test(error))?.[1] ?? '回复不符合要求';
}
