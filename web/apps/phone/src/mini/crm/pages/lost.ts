import { el } from '@weiqiao/page/dom';
import { FIRST_PAGE } from '../../../model/mini/launch';
import { pageUrl } from '../../../model/mini/wx';
import type { Page } from '../../page';

/** For a page the mini program does not have, as a card with a wrong `page` opens it. */
export const notFound =
  (path: string): Page =>
  ({ wx, id }) => ({
    element: el(
      'div',
      { class: 'crm-page crm-lost' },
      el('strong', {}, '页面不存在'),
      el(
        'p',
        { class: 'muted' },
        `小程序里没有 ${path || '（空）'}。消息里的 page 要与小程序的页面路径一致。`,
      ),
      el(
        'button',
        {
          id: id('home'),
          type: 'button',
          class: 'primary',
          onclick: () => void wx.reLaunch({ url: pageUrl(FIRST_PAGE) }),
        },
        '回到首页',
      ),
    ),
  });
