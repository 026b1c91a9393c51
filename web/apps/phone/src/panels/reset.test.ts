import { beforeEach, expect, test, vi } from 'vitest';
import { resetControl } from './reset';

/** As much of an element as the button needs. */
class Piece {
  id = '';

  children: (Piece | string)[] = [];
  private listeners: (() => void)[] = [];
  setAttribute(name: string, value: string) {
    if (name === 'id') this.id = value;
  }
  addEventListener(_: string, listener: () => void) {
    this.listeners.push(listener);
  }
  append(...children: (Piece | string)[]) {
    this.children.push(...children);
  }
  replaceChildren(...children: (Piece | string)[]) {
    this.children = children;
  }
  focus() {
    focused = this.id;
  }
  click() {
    for (const listener of this.listeners) listener();
  }
  all(): Piece[] {
    return [this, ...this.children.flatMap((child) => (typeof child === 'string' ? [] : child.all()))];
  }
  words(): string {
    return this.children.map((child) => (typeof child === 'string' ? child : child.words())).join(' ');
  }
}

let focused = '';
const reset = vi.fn();
let box: Piece;
const press = (id: string) =>
  box
    .all()
    .find((piece) => piece.id === id)
    ?.click();
const shown = () => box.all().flatMap(({ id }) => (id ? [id] : []));

beforeEach(() => {
  reset.mockReset();
  vi.stubGlobal('document', { createElement: () => new Piece() });
  box = resetControl(reset) as unknown as Piece;
});

test('everything is thrown away only after a question that says so', () => {
  expect(box.words()).toBe('重置全部状态');
  press('reset');
  expect(reset).not.toHaveBeenCalled();
  expect(box.words()).toContain('不能撤销');
  expect(focused).toBe('reset-no');
  press('reset-yes');
  expect(reset).toHaveBeenCalledTimes(1);
  expect(shown()).toEqual(['reset-box', 'reset']);
});

test('no is no, and the next time asks again', () => {
  press('reset');
  press('reset-no');
  expect([reset.mock.calls.length, focused]).toEqual([0, 'reset']);
  press('reset');
  expect(reset).not.toHaveBeenCalled();
  expect(shown()).toContain('reset-question');
});

test('a double click is no answer: what comes under the pointer is no', () => {
  press('reset');
  expect(shown().indexOf('reset-no')).toBeLessThan(shown().indexOf('reset-yes'));
});
