import { expect, test } from 'vitest';
import type { World } from '../types';
import { demoTemplate, miniAccount } from './world';

const account = (name: string, kind: string, templates: unknown[] = []) => ({
  account: { name, kind, app_id: `wx-${name}` },
  templates,
});
const world = {
  accounts: [
    account('official', 'official'),
    account('mini', 'mini', [
      { template_id: 'A', kind: 'template' },
      { template_id: 'B', kind: 'one_time' },
    ]),
    account('shop', 'mini'),
  ],
} as unknown as World;

test('a mini program is found by its name or appid; an official account is none', () => {
  expect(miniAccount(world, null)?.name).toBe('mini');
  expect(miniAccount(world, 'wx-shop')?.name).toBe('shop');
  expect(miniAccount(world, 'official')).toBeUndefined();
  expect(miniAccount(world, 'gone')).toBeUndefined();
});

test('the demo asks for a template one can subscribe to, when there is one', () => {
  expect(demoTemplate(world, 'mini')?.template_id).toBe('B');
  expect(demoTemplate(world, 'shop')).toBeUndefined();
});
