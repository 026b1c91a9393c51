import type { JsSdkConfig } from '@weiqiao/browser';
import { el } from '@weiqiao/page/dom';
import type { Actions } from '../actions';
import type { State } from '../state';
import { cardTitle } from './card-title';
import { problemPanel } from './problem-panel';

const STATUS = {
  idle: ['未配置', 'grey'],
  working: ['验证中', 'grey'],
  ready: ['签名有效', 'green'],
  failed: ['没有通过', 'red'],
} as const;

/** The JS-SDK: sign this page, let WeChat verify it, set the share cards. */
export function jsSdkCard(state: Pick<State, 'jsSdk' | 'share'>, actions: Actions): HTMLElement[] {
  const { jsSdk, share } = state;
  const [label, tone] = STATUS[jsSdk.status];
  return [
    cardTitle(
      'JS-SDK 与分享',
      'Share cards',
      el('span', { id: 'jssdk-status', class: `pill ${tone}`, role: 'status' }, label),
    ),
    el('p', {}, '服务用 jsapi_ticket 为当前网址签名，微信验证通过（wx.ready）之后，页面才能设置分享卡片。'),
    el(
      'div',
      { class: 'actions' },
      el(
        'button',
        {
          id: 'configure',
          type: 'button',
          'aria-busy': String(jsSdk.status === 'working'),
          onclick: actions.configure,
        },
        jsSdk.status === 'ready' ? '重新确认' : '配置 JS-SDK',
      ),
    ),
    ...(jsSdk.problem ? [problemPanel(jsSdk.problem)] : []),
    ...(jsSdk.config ? [signature(jsSdk.config), shareForm(share, actions)] : []),
  ];
}

function signature(config: JsSdkConfig): HTMLElement {
  const rows: [string, string][] = [
    ['参与签名的网址', config.url],
    ['appId', config.appId],
    ['timestamp', String(config.timestamp)],
    ['nonceStr', config.nonceStr],
    ['signature', config.signature],
  ];
  return el(
    'dl',
    { class: 'facts tall', id: 'signature' },
    ...rows.map(([label, value]) => el('div', {}, el('dt', {}, label), el('dd', {}, el('code', {}, value)))),
  );
}

function shareForm(share: State['share'], actions: Actions): HTMLElement {
  const title = el('input', {
    id: 'share-title',
    name: 'title',
    value: share.title,
    required: true,
    maxlength: 64,
  });
  const desc = el('input', { id: 'share-desc', name: 'desc', value: share.desc, maxlength: 120 });
  return el(
    'form',
    {
      class: 'share',
      onsubmit: (event) => {
        event.preventDefault();
        void actions.share(title.value, desc.value);
      },
    },
    el('label', {}, '标题', title),
    el('label', {}, '描述（仅聊天里显示）', desc),
    el(
      'button',
      { id: 'share', type: 'submit', class: 'primary', 'aria-busy': String(share.status === 'working') },
      '设置分享卡片',
    ),
    share.status === 'set' && shareResult(share),
  );
}

function shareResult(share: State['share']): HTMLElement {
  return el(
    'div',
    { class: 'share-result', id: 'share-result', role: 'status' },
    el(
      'div',
      { class: 'share-card' },
      el('div', {}, el('strong', {}, share.title), el('p', { class: 'muted' }, share.desc)),
      el('span', { class: 'logo', 'aria-hidden': 'true' }),
    ),
    el(
      'p',
      { class: 'muted' },
      '已设置：发给朋友、分享到朋友圈。这表示卡片已就绪，微信不会告诉页面用户是否真的分享了。',
    ),
  );
}
