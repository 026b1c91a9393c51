import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

// The SDK as it is published, and the pages written for the tests.
const FOLDERS = ['../../packages/browser/dist/', '../fixtures/'];

/** Somebody's own web site: the SDK and the fixtures on an origin of their own, with what the test made for it. */
export async function startSite(
  made: Record<string, string>,
): Promise<{ origin: string; stop(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const name = basename(new URL(request.url ?? '/', 'http://site').pathname);
    const text = made[name] ?? (await readAny(name));
    response.writeHead(text === null ? 404 : 200, { 'content-type': TYPES[extname(name)] ?? 'text/plain' });
    response.end(text ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the site has no port');
  return {
    origin: `http://localhost:${address.port}`,
    stop: () =>
      new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
}

async function readAny(name: string): Promise<string | null> {
  for (const folder of FOLDERS) {
    const text = await readFile(fileURLToPath(new URL(folder + name, import.meta.url)), 'utf8').catch(
      () => null,
    );
    if (text !== null) return text;
  }
  return null;
}
