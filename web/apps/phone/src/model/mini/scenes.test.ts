import { expect, test } from 'vitest';
import { SCENES, sceneName } from './scenes';

test('every scene has one number and a name', () => {
  expect(new Set(SCENES.map(([scene]) => scene)).size).toBe(SCENES.length);
  expect(sceneName(1107)).toBe('1107 订阅消息卡片');
  expect(sceneName(9999)).toBe('9999');
});
