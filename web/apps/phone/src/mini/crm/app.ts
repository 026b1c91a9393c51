import { FIRST_PAGE } from '../../model/mini/launch';
import type { Page } from '../page';
import type { TabEntry } from '../screen';
import { contactPage } from './pages/contact';
import { customerPage } from './pages/customer';
import { indexPage } from './pages/index';
import { minePage } from './pages/mine';
import { notifyPage } from './pages/notify';
import { resumePage } from './pages/resume';

/** The demo's pages: its `app.json`. */
export const PAGES: Readonly<Record<string, { title: string; mount: Page }>> = {
  [FIRST_PAGE]: { title: '演示 CRM', mount: indexPage },
  'pages/resume/resume': { title: '顾问简历', mount: resumePage },
  'pages/contact/contact': { title: '联系顾问', mount: contactPage },
  'pages/notify/notify': { title: '订阅提醒', mount: notifyPage },
  'pages/customer/detail': { title: '客户详情', mount: customerPage },
  'pages/mine/mine': { title: '我的', mount: minePage },
};

export const TABS: readonly TabEntry[] = [
  { path: FIRST_PAGE, label: '找顾问', icon: 'people' },
  { path: 'pages/notify/notify', label: '工作台', icon: 'bell' },
  { path: 'pages/mine/mine', label: '我的', icon: 'person' },
];

export const isTab = (path: string): boolean => TABS.some((tab) => tab.path === path);
