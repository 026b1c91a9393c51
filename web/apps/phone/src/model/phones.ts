import { isLaunch, type Launch } from './mini/launch';

/** One phone on the desk: whose it is and which page it last opened. */
export interface PhoneSlot {
  key: number;
  persona: string;
  tab: Tab;
  url: string;
  /** The account whose chat is open; null: the first one there is; empty: the list of chats. */
  chat: string | null;
  /** How the mini program was opened last; null: not yet, or closed. */
  launch: Launch | null;
}

export const TABS = [
  ['chat', '聊天'],
  ['mini', '小程序'],
  ['browser', '浏览器'],
  ['me', '我'],
] as const;

export type Tab = (typeof TABS)[number][0];

export const MOST_PHONES = 3;

const KEY = 'weixin_emulator_phones';
// Who picks up the next phone: a customer, another customer, an advisor.
const OWNERS = ['xiaoming', 'xiaohong', 'advisor-li'];

/** The phones of the last visit, or one for the first persona. `url` (from the page's address) goes to the first. */
export function loadPhones(storage: Pick<Storage, 'getItem'>, url: string | null): PhoneSlot[] {
  const phones = parsePhones(storage.getItem(KEY));
  const first = phones[0] ?? newPhone([]);
  const opened: PhoneSlot = url && isWebUrl(url) ? { ...first, tab: 'browser', url } : first;
  return [opened, ...phones.slice(1)];
}

export function savePhones(storage: Pick<Storage, 'setItem'>, phones: PhoneSlot[]): void {
  storage.setItem(KEY, JSON.stringify(phones));
}

/** A further phone, for the first usual owner who has none. */
export function newPhone(phones: PhoneSlot[]): PhoneSlot {
  const owner = OWNERS.find((id) => phones.every((phone) => phone.persona !== id)) ?? OWNERS[0];
  return {
    key: Math.max(0, ...phones.map((phone) => phone.key)) + 1,
    persona: owner ?? 'xiaoming',
    tab: 'chat',
    url: '',
    chat: null,
    launch: null,
  };
}

/** Who sits at the desk for the whole story: a customer, an advisor, a stranger. */
export const CAST: readonly Pick<PhoneSlot, 'persona' | 'tab'>[] = [
  { persona: 'xiaohong', tab: 'mini' },
  { persona: 'advisor-li', tab: 'mini' },
  { persona: 'xiaoming', tab: 'chat' },
];

/** Their phones, in place of those on the desk; a phone that stays keeps its key. */
export function castPhones(phones: readonly PhoneSlot[]): PhoneSlot[] {
  const last = Math.max(0, ...phones.map((phone) => phone.key));
  return CAST.map((member, index) => {
    const key = phones[index]?.key ?? last + index - phones.length + 1;
    return { key, url: '', chat: null, launch: null, ...member };
  });
}

/** What a person typed as an address: `localhost:3001/x` gets `http://`. Null when it cannot be one. */
export function readUrl(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`;
  return isWebUrl(withScheme) ? withScheme : null;
}

function isWebUrl(text: string): boolean {
  try {
    const { protocol, hostname } = new URL(text);
    // Some browsers take a blank in a host for `%20`; no such host can be opened.
    return ['http:', 'https:'].includes(protocol) && !hostname.includes('%');
  } catch {
    return false;
  }
}

function parsePhones(text: string | null): PhoneSlot[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(value)) return [];
    // Phones of earlier versions of this page had no chat and no mini program.
    return value
      .filter(isSlot)
      .map((slot) => ({ ...slot, chat: slot.chat ?? null, launch: slot.launch ?? null }))
      .slice(0, MOST_PHONES);
  } catch {
    return [];
  }
}

function isSlot(value: unknown): value is PhoneSlot {
  const slot = value as PhoneSlot | null;
  return (
    typeof slot?.key === 'number' &&
    typeof slot.persona === 'string' &&
    TABS.some(([tab]) => tab === slot.tab) &&
    (slot.chat === undefined || slot.chat === null || typeof slot.chat === 'string') &&
    (slot.launch === undefined || slot.launch === null || isLaunch(slot.launch)) &&
    typeof slot.url === 'string' &&
    (slot.url === '' || isWebUrl(slot.url))
  );
}
