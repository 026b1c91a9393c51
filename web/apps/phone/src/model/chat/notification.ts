import type { Template } from '../types';
import type { Received } from './types';

/** A template message or subscription notification as a card. */
export interface Notification {
  title: string;
  fields: { name: string; value: string }[];
  /** What a tap opens; a mini program without appid is the sender itself. */
  target: { url: string } | { appid: string | null; page: string } | null;
}

type Named = Record<string, unknown>;

const PAGE = /^\/?[\w-]+(\/[\w-]+)*(\?|$)/;

const asObject = (value: unknown): Named =>
  typeof value === 'object' && value !== null ? (value as Named) : {};
const asText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** The card: the template's own names in its order; without the template the keys as they were sent. */
export function notification(message: Received, templates: readonly Template[]): Notification {
  const { content } = message;
  const template = templates.find(({ template_id }) => template_id === content.template_id);
  const data = asObject(content.data);
  const names: [key: string, name: string][] =
    template?.fields ?? Object.keys(data).map((key): [string, string] => [key, key]);
  const fields = names.map(([key, name]) => ({ name, value: asText(asObject(data[key]).value) }));
  return {
    title: template?.title || asText(content.title) || '服务通知',
    fields,
    target: target(message.channel, content),
  };
}

function target(channel: Received['channel'], content: Named): Notification['target'] {
  const mini = asObject(content.miniprogram);
  if (asText(mini.appid)) return { appid: asText(mini.appid), page: asText(mini.pagepath) };
  const url = asText(content.url) || asText(content.page);
  if (/^https?:\/\//i.test(url)) return { url };
  // Only a mini program's own messages name its pages so.
  const page = asText(content.page);
  return channel === 'subscription' && PAGE.test(page) ? { appid: null, page } : null;
}
