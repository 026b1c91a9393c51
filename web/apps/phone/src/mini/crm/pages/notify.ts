import { el, show } from '@weiqiao/page/dom';
import { ADVISORS } from '../../../model/crm/advisors';
import type { Subscribed } from '../../../model/crm/client';
import { WxError } from '../../../model/mini/wx-error';
import { showTime } from '../../../model/time';
import type { MountedPage, Page, PageContext } from '../../page';
import { bySession, done, explainError, loginCard, problemCard, run, section } from '../parts';

const ADVISOR_KEY = 'advisor';

/** The advisor's side: agreeing to be told, again and again, because each agreement is good for one message. */
export const notifyPage: Page = (context) => {
  const body = el('div', { class: 'crm-stack' });
  let bench: MountedPage | null = null;
  const draw = bySession(context, async (session) => {
    bench = session ? await workbench(context) : null;
    const why = '顾问登录后，可以订阅「有客户来了」的提醒。';
    show(body, bench?.element ?? loginCard(context, why, () => void draw()));
  });
  void draw();
  return {
    element: el('div', { class: 'crm-page' }, body),
    refresh() {
      bench?.refresh?.();
      void draw();
    },
  };
};

async function workbench(context: PageContext): Promise<MountedPage> {
  const { wx, crm, id } = context;
  const stored = await wx.getStorage({ key: ADVISOR_KEY }).catch(() => null);
  const who = el(
    'select',
    { id: id('advisor'), 'aria-label': '我是哪位顾问' },
    ...ADVISORS.map((advisor) =>
      el(
        'option',
        { value: advisor.id, selected: advisor.id === stored?.data },
        `${advisor.name} · ${advisor.id}`,
      ),
    ),
  );
  let known: Subscribed | null = null;
  who.addEventListener('change', () => {
    known = null;
    void wx.setStorage({ key: ADVISOR_KEY, data: who.value });
    draw();
  });
  const credits = el('div', { class: 'crm-credits', id: id('credits') });
  const result = el('div', { 'aria-live': 'polite' });
  const sends = el('div', { class: 'crm-sends' });
  const subscribe = el(
    'button',
    { id: id('subscribe'), type: 'button', class: 'primary crm-wide' },
    '订阅一次提醒',
  );
  const stop = el('button', { id: id('unsubscribe'), type: 'button', class: 'crm-link' }, '不再提醒我');

  subscribe.addEventListener('click', () => {
    const templateId = context.templateId();
    if (!templateId) return show(result, problemCard(id('no-template'), NO_TEMPLATE));
    let answer: Record<string, string> | null = null;
    void run(subscribe, result, id('subscribe-retry'), async () => {
      // Tried again after the service was away: the person has answered already.
      answer ??= await ask(context, templateId);
      if (answer[templateId] !== 'accept') {
        show(
          result,
          el('p', { class: 'crm-hint', role: 'status' }, REFUSED[answer[templateId] ?? ''] ?? REFUSED.reject),
        );
        return;
      }
      known = await crm.subscribe(who.value, templateId, true, answer);
      show(result, done('订阅成功，次数 +1', `服务记下了：${who.value}`));
      draw();
    });
  });
  stop.addEventListener(
    'click',
    () =>
      void run(stop, result, id('unsubscribe-retry'), async () => {
        const templateId = context.templateId();
        if (!templateId) return;
        known = await crm.subscribe(who.value, templateId, false);
        show(
          result,
          el('p', { class: 'crm-hint', role: 'status' }, '服务不再给您发提醒；微信里剩下的次数还在。'),
        );
        draw();
      }),
  );

  let newest = context.emulated.sends()[0]?.id;

  function draw(): void {
    const item = context.emulated
      .subscriptions()
      ?.items.find((one) => one.template_id === context.templateId());
    const left = item?.left ?? 0;
    const latest = context.emulated.sends()[0];
    if (latest && latest.id !== newest) {
      newest = latest.id;
      // What was said before has been overtaken.
      show(result);
      if (latest.errcode === 43101) known = { subscribed: true, active: false, credits: 0 };
    }
    show(
      credits,
      el(
        'p',
        { class: `crm-count ${left === 0 ? 'none' : ''}` },
        el('strong', { id: id('left') }, String(left)),
        '条提醒可收',
      ),
      latest &&
        !latest.ok &&
        (left === 0 || latest.errcode !== 43101) &&
        el('p', { class: 'crm-hint', role: 'status' }, latest.text),
      el(
        'p',
        { class: 'muted' },
        left === 0 ? '已经用完：再点一次订阅，才能收到下一条。' : '每收一条少一次，点一次订阅多一次。',
      ),
      el(
        'dl',
        { class: 'facts' },
        el('div', {}, el('dt', {}, '微信记的'), el('dd', {}, `${left} 次 · 真机上查不到，模拟器才看得见`)),
        el(
          'div',
          {},
          el('dt', {}, '服务记的'),
          el(
            'dd',
            { id: id('known') },
            known
              ? `${known.credits} 次 · ${known.active ? '会发送' : '停发，等您再订阅'}`
              : '订阅后由接口返回',
          ),
        ),
        item?.kept &&
          el(
            'div',
            {},
            el('dt', {}, '不再询问'),
            el('dd', {}, item.kept === 'accept' ? '总是允许' : '总是拒绝'),
          ),
      ),
    );
    show(
      sends,
      ...context.emulated
        .sends()
        .slice(0, 5)
        .map(({ at, ok, text }) =>
          el('p', { class: ok ? 'ok' : 'bad' }, el('time', {}, showTime(at)), el('span', {}, text)),
        ),
      context.emulated.sends().length === 0 && el('p', { class: 'muted' }, '还没有。让客户看一次简历试试。'),
    );
  }
  draw();
  return {
    element: el(
      'div',
      { class: 'crm-stack' },
      el('label', { class: 'crm-who' }, '我是', who),
      el('section', { class: 'crm-card crm-center' }, credits, subscribe, result, stop),
      section('最近的推送', sends),
      el('p', { class: 'crm-foot' }, '一次性订阅：用户每同意一次，只能给他发一条'),
    ),
    refresh: draw,
  };
}

const REFUSED: Readonly<Record<string, string>> = {
  reject: '您没有允许，这次不会多出次数。',
  ban: '这个模板被平台封禁了。',
  filter: '有同名的模板，微信只问一个。',
};

const NO_TEMPLATE = {
  title: '这个小程序没有订阅模板',
  why: '要先在公众平台（这里是 POST /_emulator/templates）添加一个模板。',
  next: '添加后再点一次订阅。',
  retry: false,
  facts: [],
};

/** Asks WeChat; its own refusals in words a person can use. */
async function ask(context: PageContext, templateId: string): Promise<Record<string, string>> {
  try {
    return await context.wx.requestSubscribeMessage({ tmplIds: [templateId] });
  } catch (error) {
    if (error instanceof WxError && error.errCode === 20004)
      throw new Error('您关掉了这个小程序的消息总开关（20004）。在「微信侧」面板里打开后再订阅。');
    throw error instanceof WxError ? new Error(explainError(error).why) : error;
  }
}
