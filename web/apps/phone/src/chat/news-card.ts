import { el } from '@weiqiao/page/dom';
import { field, inner, picture, type Taps } from './parts';

type Article = Record<string, unknown>;

/** Articles: the first large, further ones in lines; a tap opens the article in the phone's browser. */
export function newsCard(content: Record<string, unknown>, taps: Taps): HTMLElement {
  const articles = (Array.isArray(content.articles) ? content.articles : []) as Article[];
  const [first, ...rest] = articles;
  if (!first) return el('div', { class: 'words' }, '[图文消息]');
  return el(
    'div',
    { class: 'news' },
    tap(
      first,
      taps,
      el(
        'span',
        { class: 'news-first' },
        field(first, 'picurl') && picture(field(first, 'picurl'), '封面'),
        el('strong', {}, field(first, 'title')),
        rest.length === 0 && el('span', { class: 'muted' }, field(first, 'description')),
      ),
    ),
    ...rest.map((article) =>
      tap(
        article,
        taps,
        el(
          'span',
          { class: 'news-line' },
          el('span', {}, field(article, 'title')),
          field(article, 'picurl') && picture(field(article, 'picurl'), '封面'),
        ),
      ),
    ),
  );
}

const tap = (article: Article, taps: Taps, shown: HTMLElement): HTMLElement =>
  inner(shown, 'card-tap', () => taps.open(field(article, 'url')));
