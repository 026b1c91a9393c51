import { el } from '@weiqiao/page/dom';

const QUESTION = '账号、人物、消息、token、时钟、故障和日志都会回到最初，不能撤销。确定要重置吗？';

/**
 * The button that throws everything away, and the question it asks first. The question stands in the page: a browser's own box
 * would stop every phone. A second click at the same place answers no.
 */
export function resetControl(reset: () => void): HTMLElement {
  const box = el('div', { id: 'reset-box', class: 'reset' });
  const rest = () => {
    const button = el('button', { id: 'reset', type: 'button', onclick: ask }, '重置全部状态');
    box.replaceChildren(button);
    return button;
  };
  const ask = () => {
    const no = el('button', { id: 'reset-no', type: 'button', onclick: () => rest().focus() }, '取消');
    const yes = el(
      'button',
      {
        id: 'reset-yes',
        type: 'button',
        class: 'danger',
        onclick: () => {
          rest().focus();
          reset();
        },
      },
      '确定重置',
    );
    box.replaceChildren(
      el('p', { id: 'reset-question', role: 'alert' }, QUESTION),
      el('div', { class: 'row' }, no, yes),
    );
    no.focus();
  };
  rest();
  return box;
}
