import { copyButton } from '@weiqiao/page/copy-button';
import { el, show } from '@weiqiao/page/dom';
import type { Actions } from '../actions';
import { api } from '../model/api';
import type { Account } from '../model/types';

type Kind = Parameters<typeof api.code>[2];

const CODES: Record<Account['kind'], readonly [label: string, kind: Kind, scope?: string][]> = {
  official: [
    ['网页授权 code', 'oauth', 'snsapi_userinfo'],
    ['静默授权 code', 'oauth', 'snsapi_base'],
  ],
  mini: [
    ['小程序登录 code', 'mini'],
    ['手机号 code', 'phone'],
  ],
  website: [['扫码登录 code', 'oauth', 'snsapi_login']],
};

/** Buttons that get a fresh one-time code, and the last one got. */
export function codeButtons(key: number, persona: string, account: Account, actions: Actions): HTMLElement {
  const result = el('div', { class: 'code-result', 'aria-live': 'polite' });
  const get = (label: string, kind: Kind, scope?: string) =>
    actions.attempt(async () => {
      const { code } = await api.code(persona, account, kind, scope);
      show(
        result,
        el('p', { class: 'muted' }, `${label}，只能用一次：`),
        el('code', { class: 'code' }, code),
        copyButton(`copy-${key}-${account.name}`, '复制', () => code),
      );
    });
  return el(
    'div',
    { class: 'codes' },
    ...CODES[account.kind].map(([label, kind, scope]) =>
      el(
        'button',
        {
          id: `code-${key}-${account.name}-${scope ?? kind}`,
          type: 'button',
          class: 'small',
          onclick: () => void get(label, kind, scope),
        },
        label,
      ),
    ),
    result,
  );
}
