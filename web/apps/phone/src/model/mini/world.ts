import type { Account, Persona, Template, World } from '../types';
import type { Banner } from './banners';

/** One template on a mini program's settings page, and what WeChat counts. */
export interface SubscriptionItem {
  template_id: string;
  title: string;
  kind: 'one_time' | 'long_term';
  /** How many messages may be sent. */
  left: number;
  /** 总是保持以上选择. */
  kept: 'accept' | 'reject' | null;
}

/** What WeChat knows of a person's agreements at a mini program. */
export interface Subscriptions {
  main_switch: boolean;
  items: SubscriptionItem[];
}

/** What the mini-program tabs of all phones are drawn from. */
export interface MiniWorld {
  /** Counts changes. */
  revision: number;
  /** By person and account, as chats are. */
  subscriptions: Record<string, Subscriptions>;
  banners: readonly Banner[];
}

export const NO_MINI: MiniWorld = { revision: 0, subscriptions: {}, banners: [] };

/** The mini program to open: the one named, else the first there is. */
export function miniAccount(world: World, name: string | null): Account | undefined {
  const minis = world.accounts.map(({ account }) => account).filter(({ kind }) => kind === 'mini');
  return (
    minis.find((account) => account.name === name || account.app_id === name) ?? (name ? undefined : minis[0])
  );
}

/** The template the demo asks for: the first that can be subscribed to. */
export function demoTemplate(world: World, account: string): Template | undefined {
  const templates = world.accounts.find((one) => one.account.name === account)?.templates ?? [];
  return templates.find(({ kind }) => kind !== 'template');
}

/** Who somebody is to a mini program. */
export const openidOf = (persona: Persona, account: string): string => persona.openids[account] ?? '';
