/** The control API's shapes, as far as this page shows them. */

export interface Account {
  name: string;
  kind: 'official' | 'mini' | 'website';
  app_id: string;
  title: string;
  group: string | null;
  /** Where messages and events are pushed; null: nowhere. */
  callback_url: string | null;
  callback_mode: 'plain' | 'compatible' | 'safe';
}

/** A template of an account: keys and their names, in order. */
export interface Template {
  template_id: string;
  title: string;
  kind: 'template' | 'one_time' | 'long_term';
  fields: [key: string, name: string][];
}

export interface AccountState {
  account: Account;
  generations: { classic: number; stable: number };
  tokens: { line: string; generation: number; status: string; remaining_s: number }[];
  tickets: { kind: string; generation: number; remaining_s: number }[];
  templates: Template[];
}

export interface Persona {
  id: string;
  nickname: string;
  headimgurl: string | null;
  sex: number;
  phone: string | null;
  country: string;
  province: string;
  city: string;
  language: string;
  high_risk: boolean;
  snapshot: boolean;
  /** The picture's address, also when the emulator draws it. */
  picture: string;
  /** openid by account name, unionid by open-platform group. */
  openids: Record<string, string>;
  unionids: Record<string, string>;
  /** Followed accounts and since when. */
  follows: Record<string, string>;
}

export interface Clock {
  now_ms: number;
  real_ms: number;
  offset_ms: number;
  frozen: boolean;
}

export interface Fault {
  id: number;
  path: string;
  account?: string | null;
  times?: number | null;
  probability?: number | null;
  errcode?: number | null;
  status?: number | null;
  body?: string | null;
  delay_ms?: number;
  reset?: boolean;
  cut_at?: number | null;
  deliver?: boolean;
}

export type NewFault = Omit<Fault, 'id'>;

export interface LedgerEntry {
  id: number;
  at_ms: number;
  method: string;
  path: string;
  query: Record<string, string>;
  body: string;
  account: string | null;
  token: { line: string | null; generation: number; status: string } | null;
  /** HTTP status; 0 when the connection was dropped. */
  status: number;
  errcode: number;
  answer: string;
  rid: string;
  delivered: boolean;
  fault: number | null;
  took_ms: number;
  remote: string;
  user_agent: string;
}

export interface ShareCard {
  id: number;
  at_ms: number;
  account: string;
  api: string;
  page: string;
  title: string;
  desc: string;
  link: string;
  img_url: string;
}

/** What of the emulator's settings the page needs. */
export interface Settings {
  /** Where the service under development is; null when nobody said. */
  service_url: string | null;
  /** How often a callback is tried. */
  callback_attempts: number;
}

/** What `GET /_emulator/state` tells, as far as it is shown. */
export interface World {
  clock: Clock;
  settings: Settings;
  accounts: AccountState[];
  personas: Persona[];
  faults: Fault[];
  shares: ShareCard[];
  snapshots: string[];
}

/** What an errcode means and what to do. */
export interface ErrcodeEntry {
  code: number;
  errmsg: string;
  meaning_zh: string;
  next_zh: string;
}
