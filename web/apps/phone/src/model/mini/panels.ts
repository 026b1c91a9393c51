/** The developer's panels under a mini program. */
export const PANELS = [
  ['requests', '请求'],
  ['storage', '存储'],
  ['launch', '启动'],
  ['wechat', '微信侧'],
] as const;

export type PanelId = (typeof PANELS)[number][0];
