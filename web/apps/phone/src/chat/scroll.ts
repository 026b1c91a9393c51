/** How near to the end still counts as being at the end, pixels. */
const NEAR = 60;

export interface Scroll {
  /** Draws; who was at the end stays at the end, who was reading earlier things stays there. */
  keep(draw: () => void): void;
  /** From now on at the end, as after sending something. */
  toEnd(): void;
}

export function mountScroll(container: HTMLElement): Scroll {
  let atEnd = true;
  const end = () => {
    container.scrollTop = container.scrollHeight;
  };
  container.addEventListener('scroll', () => {
    // A hidden chat has no height and says nothing about where its reader was.
    if (container.clientHeight > 0)
      atEnd = container.scrollHeight - container.scrollTop - container.clientHeight < NEAR;
  });
  // Shown again, or made larger by a picture.
  new ResizeObserver(() => atEnd && end()).observe(container);
  container.addEventListener('load', () => atEnd && end(), true);
  return {
    keep(draw) {
      const top = container.scrollTop;
      draw();
      if (atEnd) end();
      else container.scrollTop = top;
    },
    toEnd() {
      atEnd = true;
      end();
    },
  };
}
