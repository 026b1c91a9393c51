/** What the control API tells of messages, events and what became of them; see the emulator's README. */

/** How the signature of an attempt was made. */
export interface SignatureSteps {
  /** `msg_signature` or `signature`. */
  name: string;
  timestamp: string;
  nonce: string;
  /** Whether `Encrypt` is signed too. */
  encrypt: boolean;
  /** What is joined and hashed, in order; the token masked. */
  sorted: string[];
  sha1: string;
}

/** One of WeChat's attempts. */
export interface Attempt {
  /** From 1. */
  n: number;
  /** Which of the copies asked for, from 1. */
  copy: number;
  at_ms: number;
  /** HTTP status, when an answer came. */
  status?: number;
  ms: number;
  /** Why WeChat does not take the answer. */
  error?: string;
  request: { url: string; body: string };
  signature: SignatureSteps;
  response?: { body: string; inner?: string };
}

export type Outcome = 'running' | 'replied' | 'empty' | 'failed' | 'not_configured' | 'staff' | 'unchanged';

/** One message or event a person caused. */
export interface Delivery {
  id: number;
  account: string;
  persona: string;
  kind: 'message' | 'event';
  type: string;
  key?: string;
  mode: 'plain' | 'compatible' | 'safe';
  format: 'xml' | 'json';
  created_at_ms: number;
  /** The body before any encryption. */
  body: string;
  attempts: Attempt[];
  outcome: Outcome;
  /** The member of staff who got it; then it was not pushed. */
  staff?: string;
  reply?: { type: string } & Record<string, unknown>;
  shown: boolean;
  notice?: string;
  remarks?: string[];
}

export type Channel = 'reply' | 'customer_service' | 'template' | 'subscription' | 'system';

/** One message a person received. */
export interface Received {
  id: number;
  at_ms: number;
  persona: string;
  account: string;
  channel: Channel;
  type: string;
  content: Record<string, unknown>;
  kf_account?: string;
}

/** A button of the menu as a person sees it, with the event a tap pushes. */
export interface MenuButton {
  name: string;
  type?: string;
  key?: string;
  url?: string;
  appid?: string;
  pagepath?: string;
  event?: string;
  event_key?: string;
  sub_button: MenuButton[];
}

export interface SeenMenu {
  menu_id: number | null;
  /** Whether it is one only some people see. */
  conditional: boolean;
  buttons: MenuButton[];
}
