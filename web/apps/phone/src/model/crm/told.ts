import type { Acted } from './client';

/** What can be said of the advisor being told: only what the service answered. */
export interface Told {
  title: string;
  text: string;
}

const NOT_SUBSCRIBED = '对方没有订阅提醒，或者次数已用完';

/** After a visit to a résumé. */
export function toldOfVisit({ action }: Acted, advisor: string): Told {
  if (action?.willNotify === undefined) return { title: '来访已记下', text: 'view_resume' };
  return action.willNotify
    ? { title: `会提醒${advisor}：您来看过`, text: 'view_resume · 通知已排队' }
    : { title: `来访已记下，不会提醒${advisor}`, text: `view_resume · ${NOT_SUBSCRIBED}` };
}

/** After a form. */
export function toldOfContact({ action }: Acted, advisor: string): Told {
  if (action?.willNotify === undefined) return { title: '已提交', text: '' };
  return action.willNotify
    ? { title: `已提交，正在通知${advisor}`, text: '通知已排队，对方的微信会收到提醒。' }
    : { title: '已提交', text: `这次不会提醒${advisor}：${NOT_SUBSCRIBED}。对方登录后台时能看到。` };
}
