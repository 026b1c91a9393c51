import type { AuthStatus, JsSdkConfig } from '@weiqiao/browser';
import type { DemoConfig } from './model/config';
import type { Problem } from './model/explain';
import type { Journal } from './model/journal';

/** Everything the page shows. Cards read it, actions change it, nothing else is kept anywhere. */
export interface State {
  config: DemoConfig | null;
  inWechat: boolean;
  auth: AuthStatus | null;
  /** Whether the last question about the login found no answer. */
  checkFailed: boolean;
  journal: Journal;
  /** The step or action under way. */
  busy: string | null;
  problem: Problem | null;
  /** Whether the openid is shown in full. */
  revealed: boolean;
  /** The service's clock minus ours, milliseconds. */
  clockOffset: number;
  jsSdk: {
    status: 'idle' | 'working' | 'ready' | 'failed';
    config: JsSdkConfig | null;
    problem: Problem | null;
  };
  share: { status: 'idle' | 'working' | 'set'; title: string; desc: string; link: string };
}

export function initialState(): State {
  return {
    config: null,
    inWechat: false,
    auth: null,
    checkFailed: false,
    journal: {},
    busy: null,
    problem: null,
    revealed: false,
    clockOffset: 0,
    jsSdk: { status: 'idle', config: null, problem: null },
    share: {
      status: 'idle',
      title: '微桥 · 微信网页授权演示',
      desc: '一行命令，在本地跑通微信登录与分享。',
      link: '',
    },
  };
}
