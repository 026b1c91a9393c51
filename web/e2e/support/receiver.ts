import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';

/** One callback as it came, in plain mode. */
export interface Push {
  /** The text of a field of the body; empty when there is none. */
  field(name: string): string;
  /** Answers: `success` when nothing is said. */
  answer(body?: string): void;
  /** A passive reply of text. */
  reply(text: string): void;
}

/** Somebody's own service: it checks the signature and lets the test decide what to answer. */
export interface Receiver {
  url: string;
  token: string;
  /** Every callback so far. */
  pushes: Push[];
  /** What to do with the next ones. */
  handle: (push: Push) => void;
  stop(): Promise<void>;
}

const TOKEN = 'receiverToken';

export async function startReceiver(): Promise<Receiver> {
  const receiver: Receiver = {
    url: '',
    token: TOKEN,
    pushes: [],
    handle: (push) => push.answer(),
    stop: async () => {},
  };
  const server = createServer(async (request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://receiver');
    const part = (name: string) => searchParams.get(name) ?? '';
    const expected = createHash('sha1')
      .update([TOKEN, part('timestamp'), part('nonce')].sort().join(''))
      .digest('hex');
    if (part('signature') !== expected) return end(response, 'bad signature', 403);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const push = pushOf(Buffer.concat(chunks).toString(), response);
    receiver.pushes.push(push);
    receiver.handle(push);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the receiver has no port');
  receiver.url = `http://127.0.0.1:${address.port}/wx`;
  receiver.stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return receiver;
}

function pushOf(body: string, response: ServerResponse): Push {
  const field = (name: string) =>
    new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([\\s\\S]*?)(?:\\]\\]>)?</${name}>`).exec(body)?.[1] ?? '';
  const answer = (text = 'success') => end(response, text, 200);
  return {
    field,
    answer,
    reply: (text) =>
      answer(
        `<xml><ToUserName><![CDATA[${field('FromUserName')}]]></ToUserName>` +
          `<FromUserName><![CDATA[${field('ToUserName')}]]></FromUserName><CreateTime>1</CreateTime>` +
          `<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${text}]]></Content></xml>`,
      ),
  };
}

function end(response: ServerResponse, text: string, status: number): void {
  response.writeHead(status, { 'content-type': 'text/xml; charset=utf-8' });
  response.end(text);
}
