import type { Received } from './types';

const TYPES: Readonly<Record<string, string>> = {
  image: '[图片]',
  voice: '[语音]',
  video: '[视频]',
  music: '[音乐]',
  news: '[图文消息]',
  mpnews: '[图文消息]',
  mpnewsarticle: '[图文消息]',
  link: '[链接]',
  miniprogrampage: '[小程序]',
  wxcard: '[卡券]',
  template: '[模板消息]',
  subscribe: '[订阅通知]',
  transfer_customer_service: '[转接人工客服]',
};

/** A received message in one line, for the list of chats. */
export function preview({ type, content }: Received): string {
  const words = content.content ?? content.head_content;
  return typeof words === 'string' ? words : (TYPES[type] ?? `[${type}]`);
}
