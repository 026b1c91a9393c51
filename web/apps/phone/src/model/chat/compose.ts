/** A kind of message the phone can send besides text: its fields under WeChat's names. */
export interface Composer {
  type: string;
  label: string;
  /** What happens when the fields stay as they are. */
  hint: string;
  fields: readonly { name: string; label: string; value: string }[];
}

export const COMPOSERS: readonly Composer[] = [
  {
    type: 'image',
    label: '图片',
    hint: '留空则发送模拟器自带的一张图片。',
    fields: [{ name: 'PicUrl', label: '图片网址（可选）', value: '' }],
  },
  {
    type: 'voice',
    label: '语音',
    hint: '发送一段 AMR 语音；填写识别结果，就像开通了语音识别。',
    fields: [{ name: 'Recognition', label: '语音识别结果（可选）', value: '' }],
  },
  {
    type: 'video',
    label: '视频',
    hint: '发送模拟器自带的一段 MP4。',
    fields: [],
  },
  {
    type: 'location',
    label: '位置',
    hint: '经纬度和地名都可以改。',
    fields: [
      { name: 'Label', label: '地名', value: '北京市东城区天安门广场' },
      { name: 'Location_X', label: '纬度', value: '39.908823' },
      { name: 'Location_Y', label: '经度', value: '116.397470' },
      { name: 'Scale', label: '缩放', value: '16' },
    ],
  },
  {
    type: 'link',
    label: '链接',
    hint: '就像从收藏里转发一篇文章。',
    fields: [
      { name: 'Title', label: '标题', value: '一篇文章' },
      { name: 'Description', label: '简介', value: '文章的简介' },
      { name: 'Url', label: '网址', value: 'https://example.com/article' },
    ],
  },
];

/** How a message is pushed: normally, or as WeChat does on a bad day. */
export const PUSHES = [
  { id: 'normal', label: '正常推送', options: {} },
  { id: 'copies', label: '重复推送 3 份（测试排重）', options: { copies: 3 } },
  { id: 'shuffled', label: '重复 3 份并打乱时间', options: { copies: 3, shuffle: true, delay_ms: 300 } },
  { id: 'plain', label: '这一次用明文模式', options: { mode: 'plain' } },
  { id: 'compatible', label: '这一次用兼容模式', options: { mode: 'compatible' } },
  { id: 'safe', label: '这一次用安全模式', options: { mode: 'safe' } },
] as const;

export type PushId = (typeof PUSHES)[number]['id'];

export const pushOptions = (id: PushId): Record<string, unknown> =>
  PUSHES.find((push) => push.id === id)?.options ?? {};

/** The call's body: what was filled in, without what stands empty. */
export function composed(
  type: string,
  values: Readonly<Record<string, string>>,
  push: PushId,
): Record<string, unknown> {
  const given = Object.entries(values).filter(([, value]) => value.trim() !== '');
  return { type, ...Object.fromEntries(given), ...pushOptions(push) };
}
