import { el } from './dom';

/** A button that copies a text and says whether it worked. */
export function copyButton(id: string, label: string, text: () => string): HTMLButtonElement {
  const button = el('button', { id, type: 'button', class: 'small' }, label);
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = '已复制';
    } catch {
      button.textContent = '无法复制，请手动选择';
    }
  });
  return button;
}
