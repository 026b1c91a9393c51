import type { Attempt, Delivery, Received } from './types';

/** Examples for unit tests. */
export function attempt(changes: Partial<Attempt> = {}): Attempt {
  return {
    n: 1,
    copy: 1,
    at_ms: 1000,
    status: 200,
    ms: 12,
    request: { url: 'http://127.0.0.1:3001/wx?signature=s', body: '<xml></xml>' },
    signature: { name: 'signature', timestamp: '1', nonce: '2', encrypt: false, sorted: [], sha1: 's' },
    ...changes,
  };
}

export function delivery(changes: Partial<Delivery> = {}): Delivery {
  return {
    id: 1,
    account: 'official',
    persona: 'xiaoming',
    kind: 'message',
    type: 'text',
    mode: 'safe',
    format: 'xml',
    created_at_ms: 1000,
    body: '<xml><Content><![CDATA[hello]]></Content></xml>',
    attempts: [],
    outcome: 'running',
    shown: false,
    ...changes,
  };
}

export function received(changes: Partial<Received> = {}): Received {
  return {
    id: 1,
    at_ms: 1000,
    persona: 'xiaoming',
    account: 'official',
    channel: 'reply',
    type: 'text',
    content: { content: 'hi' },
    ...changes,
  };
}
