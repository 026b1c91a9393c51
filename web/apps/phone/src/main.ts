import '@weiqiao/page/base.css';
import '@weiqiao/page/parts.css';
import './styles/layout.css';
import './styles/phone.css';
import './styles/chat.css';
import './styles/chat-items.css';
import './styles/mini.css';
import './styles/mini-sheets.css';
import './styles/mini-panels.css';
import './styles/crm.css';
import './styles/crm-pages.css';
import './styles/panels.css';
import { Store } from '@weiqiao/page/store';
import { createActions } from './actions';
import { mountApp } from './app';
import { followEvents } from './live';
import { loadPhones } from './model/phones';
import { initialState } from './model/state';

const root = document.getElementById('app');
if (root) {
  const address = new URL(location.href).searchParams.get('url');
  const store = new Store(
    initialState(loadPhones(localStorage, address), matchMedia('(min-width: 900px)').matches),
  );
  const actions = createActions(store);
  mountApp(root, store, actions);
  followEvents(store, actions);
}
