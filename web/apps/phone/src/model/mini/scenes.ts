/** Where a mini program can be opened from, by WeChat's numbers. */
export const SCENES: readonly [scene: number, name: string][] = [
  [1001, '发现栏小程序主入口'],
  [1089, '聊天主界面下拉'],
  [1107, '订阅消息卡片'],
  [1047, '扫描小程序码'],
  [1011, '扫描二维码'],
  [1007, '单人聊天里的卡片'],
  [1043, '公众号模板消息'],
  [1035, '公众号自定义菜单'],
  [1194, '微信外打开的链接'],
];

/** A number with its meaning; numbers WeChat has and we have not stay bare. */
export function sceneName(scene: number): string {
  const name = SCENES.find(([number]) => number === scene)?.[1];
  return name ? `${scene} ${name}` : String(scene);
}
