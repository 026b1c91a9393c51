import { expect, test } from 'vitest';
import { readPerson } from './person-form';

const data = (values: Record<string, string>) => ({ get: (name: string) => values[name] ?? null });

test('the form becomes the fields of the control API', () => {
  expect(
    readPerson(
      data({
        nickname: ' <script>',
        id: 'mallory',
        sex: '2',
        phone: '13800000009',
        province: '广东',
        city: ' 深圳 ',
        snapshot: 'on',
      }),
    ),
  ).toEqual({
    id: 'mallory',
    nickname: ' <script>',
    sex: 2,
    phone: '13800000009',
    province: '广东',
    city: '深圳',
    snapshot: true,
    high_risk: false,
  });
});

test('editing keeps the handle; what stands empty is left out', () => {
  const values = readPerson(data({ nickname: '小明', sex: '0', phone: '', headimgurl: ' ' }), 'xiaoming');
  expect(values).toMatchObject({ id: 'xiaoming', snapshot: false });
  expect(values).not.toHaveProperty('phone');
  expect(values).not.toHaveProperty('headimgurl');
  expect(readPerson(data({ nickname: '新人' }))).not.toHaveProperty('id');
});
