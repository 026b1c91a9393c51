import { parseRoute, type Route } from './route';

/** How a mini program is opened. */
export interface Launch {
  /** The mini program's account. */
  account: string;
  /** Page and parameters as one text, as in a message; empty: the first page. */
  page: string;
  /** Where from, by WeChat's number. */
  scene: number;
  /** Which opening it is: another number is another opening, also of the same page. */
  at: number;
}

export const FIRST_PAGE = 'pages/index/index';

/** An opening ready to try. */
export interface Preset {
  id: string;
  title: string;
  why: string;
  page: string;
  scene: number;
}

export const PRESETS: readonly Preset[] = [
  { id: 'home', title: '首页', why: '从「发现」打开，挑一位顾问', page: FIRST_PAGE, scene: 1001 },
  {
    id: 'resume',
    title: '扫码看简历',
    why: '扫描李静的小程序码，直接进入简历',
    page: 'pages/resume/resume?id=advisor-li',
    scene: 1047,
  },
  {
    id: 'book',
    title: '预约链接',
    why: '短信里的链接，直接打开预约表单',
    page: 'pages/contact/contact?id=advisor-li&type=book_service',
    scene: 1194,
  },
  {
    id: 'notify',
    title: '顾问的订阅提醒',
    why: '顾问打开工作台，攒下一次性订阅的次数',
    page: 'pages/notify/notify',
    scene: 1089,
  },
  {
    id: 'card',
    title: '点开服务通知',
    why: '订阅消息卡片里的 page 与参数',
    page: 'pages/customer/detail?id=demo',
    scene: 1107,
  },
];

/** The page to begin with. */
export function firstRoute({ page }: Pick<Launch, 'page'>): Route {
  const route = parseRoute(page);
  return route.path === '' ? { ...route, path: FIRST_PAGE } : route;
}

/** Whether something stored is an opening. */
export function isLaunch(value: unknown): value is Launch {
  const launch = value as Launch | null;
  return (
    typeof launch?.account === 'string' &&
    typeof launch.page === 'string' &&
    typeof launch.scene === 'number' &&
    typeof launch.at === 'number'
  );
}
