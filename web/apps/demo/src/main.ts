import '@weiqiao/page/base.css';
import '@weiqiao/page/parts.css';
import './styles/layout.css';
import './styles/messages.css';
import './styles/session.css';
import './styles/steps.css';
import './styles/share.css';
import { createClient, isWechatBrowser } from '@weiqiao/browser';
import { Store } from '@weiqiao/page/store';
import { createActions, recordExchange } from './actions';
import { mountApp } from './app';
import { loadConfig } from './model/config';
import { explain } from './model/explain';
import { initialState } from './state';

/** Learns what it runs against, then shows the page and finishes or checks the login. */
async function start(root: HTMLElement): Promise<void> {
  const store = new Store(initialState());
  store.update({ inWechat: isWechatBrowser() });
  try {
    store.update({ config: await loadConfig() });
  } catch (error) {
    store.update({ problem: explain(error) });
  }
  const jweixinUrl = store.state.config?.jweixinUrl;
  const client = createClient({
    ...(jweixinUrl ? { jweixinUrl } : {}),
    onExchange: (exchange) => recordExchange(store, exchange),
  });
  const actions = createActions(store, client);
  mountApp(root, store, actions);
  addEventListener('storage', ({ key }) => {
    // No key: everything was cleared.
    if (key === 'wechat_openid' || key === null) void actions.follow();
  });
  await actions.open();
}

const root = document.getElementById('app');
if (root) void start(root);
