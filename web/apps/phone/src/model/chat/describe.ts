import { readBody, textOf } from './read-body';
import type { Delivery } from './types';

const EVENTS: Readonly<Record<string, (key: string, delivery: Delivery) => string>> = {
  subscribe: (key) => (key.startsWith('qrscene_') ? `扫码关注，场景 ${key.slice(8)}` : '关注了公众号'),
  unsubscribe: () => '取消了关注',
  SCAN: (key) => `扫描了二维码，场景 ${key}`,
  CLICK: (key) => `点击菜单 ${key}`,
  VIEW: (key) => `从菜单打开网页 ${key}`,
  view_miniprogram: (key) => `从菜单打开小程序 ${key}`,
  scancode_push: (key) => `扫码（${key}）`,
  scancode_waitmsg: (key) => `扫码并等待回复（${key}）`,
  pic_sysphoto: (key) => `拍照发图（${key}）`,
  pic_photo_or_album: (key) => `拍照或相册发图（${key}）`,
  pic_weixin: (key) => `微信相册发图（${key}）`,
  location_select: (key) => `选择位置（${key}）`,
  LOCATION: () => '上报了地理位置',
  TEMPLATESENDJOBFINISH: () => '微信通知服务：模板消息已送达',
  MASSSENDJOBFINISH: () => '微信通知服务：群发已完成',
  subscribe_msg_popup_event: () => '在订阅弹窗里做了选择',
  subscribe_msg_change_event: () => '修改了订阅设置',
  subscribe_msg_sent_event: () => '微信通知服务：订阅通知已送达',
  kf_create_session: () => '接入了人工客服',
  kf_close_session: () => '人工客服会话结束',
  kf_switch_session: () => '换了一位人工客服',
};

/** An event in one line. */
export function eventTitle(delivery: Delivery): string {
  return EVENTS[delivery.type]?.(delivery.key ?? '', delivery) ?? `事件 ${delivery.type}`;
}

/** A message of the person: what its bubble says. */
export function messageText(delivery: Delivery): { text: string; detail: string } {
  const fields = readBody(delivery.body, delivery.format);
  const field = (name: string) => textOf(fields, name);
  switch (delivery.type) {
    case 'text':
      return { text: field('Content'), detail: '' };
    case 'image':
      return { text: '图片', detail: field('PicUrl') };
    case 'voice':
      return { text: '语音', detail: field('Recognition') };
    case 'video':
    case 'shortvideo':
      return { text: '视频', detail: '' };
    case 'location':
      return { text: field('Label'), detail: `${field('Location_X')}, ${field('Location_Y')}` };
    case 'link':
      return { text: field('Title'), detail: field('Description') };
    default:
      return { text: `[${delivery.type}]`, detail: field('Title') };
  }
}

export const MODES: Readonly<Record<Delivery['mode'], string>> = {
  plain: '明文模式',
  compatible: '兼容模式',
  safe: '安全模式',
};
