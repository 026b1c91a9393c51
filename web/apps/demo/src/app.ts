import { el, show } from '@weiqiao/page/dom';
import type { Store } from '@weiqiao/page/store';
import type { Actions } from './actions';
import { local } from './model/page-storage';
import { describeSteps } from './model/steps';
import type { State } from './state';
import { header } from './views/header';
import { jsSdkCard } from './views/js-sdk-card';
import { notice } from './views/notice';
import { problemPanel } from './views/problem-panel';
import { sessionCard } from './views/session-card';
import { stepsCard } from './views/steps-card';
import { storageCard } from './views/storage-card';

/** Puts the page together. Each card follows its own part of the state and is redrawn only when that part changes. */
export function mountApp(root: HTMLElement, store: Store<State>, actions: Actions): void {
  const top = el('div');
  const notices = el('div');
  const problems = el('div', { 'aria-live': 'assertive' });
  const session = el('section', { class: 'card', id: 'session' });
  const steps = el('section', { class: 'card', id: 'steps' });
  const jsSdk = el('section', { class: 'card', id: 'jssdk' });
  const storage = el('section', { class: 'card', id: 'storage' });
  root.replaceChildren(
    top,
    el(
      'main',
      {},
      el('div', { class: 'messages' }, notices, problems),
      el('div', { class: 'cards' }, session, steps, jsSdk, storage),
    ),
    el(
      'footer',
      { class: 'muted' },
      '昵称等来自微信的内容一律按纯文本显示；本页没有内联脚本，也不加载任何第三方资源（微信 JS-SDK 除外）。',
    ),
  );
  store.watch(
    ({ config }) => config,
    (config) => show(top, header(config)),
  );
  store.watch(
    ({ config, inWechat }) => ({ config, inWechat }),
    ({ config, inWechat }) => show(notices, notice(config, inWechat)),
  );
  store.watch(
    ({ problem }) => problem,
    (problem) =>
      show(problems, problem && problemPanel(problem, { close: actions.dismiss, retry: actions.retry })),
  );
  store.watch(
    ({ auth, busy, checkFailed, revealed, clockOffset }) => ({
      auth,
      busy,
      checkFailed,
      revealed,
      clockOffset: Math.round(clockOffset / 1000) * 1000,
    }),
    (picked) => show(session, ...sessionCard(picked, actions)),
  );
  store.watch(
    ({ jsSdk: status, share }) => ({ jsSdk: status, share }),
    (picked) => show(jsSdk, ...jsSdkCard(picked, actions)),
  );
  store.watch(
    ({ journal, busy }) => describeSteps(journal, busy),
    (list) => show(steps, ...stepsCard(list)),
  );
  store.watch(
    ({ auth, journal }) => ({ auth, journal }),
    () => show(storage, ...storageCard(local)),
  );
}
