import { el } from '@weiqiao/page/dom';

export interface MountedComposer {
  element: HTMLFormElement;
}

/** The line to type in. It is made once: what is half typed must not be lost when something arrives. */
export function mountComposer(
  key: number,
  taps: { send(text: string): Promise<boolean>; attach(): void },
): MountedComposer {
  const input = el('input', {
    id: `say-${key}`,
    type: 'text',
    autocomplete: 'off',
    enterkeyhint: 'send',
    placeholder: '发消息',
    'aria-label': '消息',
  });
  const element = el(
    'form',
    { class: 'chat-compose' },
    el(
      'button',
      {
        id: `attach-${key}`,
        type: 'button',
        class: 'plain',
        'aria-label': '图片、语音、位置、链接',
        onclick: taps.attach,
      },
      '＋',
    ),
    input,
    el('button', { id: `send-${key}`, type: 'submit', class: 'primary small' }, '发送'),
  );
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value;
    // As in WeChat, where a blank message cannot be sent.
    if (text.trim() === '') return;
    input.value = '';
    input.focus();
    void taps.send(text).then((sent) => {
      // It stays to be sent again, unless something else is being written.
      if (!sent && input.value === '') input.value = text;
    });
  });
  return { element };
}
