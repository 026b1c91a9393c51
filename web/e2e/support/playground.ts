import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The running `weiqiao-dev`: service and emulated WeChat on ports of their own, data in a folder of their own. */
export interface Playground {
  /** Origins, without a slash at the end. */
  service: string;
  wechat: string;
  /** The folder of its data. */
  data: string;
  /** A control call of the emulator. */
  control<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  stop(): Promise<void>;
}

/** The API key every playground has. */
export const API_KEY = 'playground-api-key-for-local-use-only';

const READY_WITHIN_MS = 30_000;

type Settings = Record<string, string>;

/**
 * Starts the binary named by `WEIQIAO_TEST_DEV_BIN`, with these variables, and waits until it says that it is ready. Accounts
 * and secrets are not taken from variables: `own` makes the settings of a file, in place of the playground's, when the places
 * are known.
 */
export async function startPlayground(
  variables: Settings = {},
  own?: (places: Pick<Playground, 'service' | 'wechat'>) => Settings,
): Promise<Playground> {
  const binary = process.env.WEIQIAO_TEST_DEV_BIN;
  if (!binary)
    throw new Error(
      'WEIQIAO_TEST_DEV_BIN is not set: build weiqiao-dev with feature `web` and name it there',
    );
  const [servicePort, wechatPort] = await Promise.all([freePort(), freePort()]);
  const data = await mkdtemp(join(tmpdir(), 'weiqiao-e2e-'));
  const service = `http://localhost:${servicePort}`;
  const wechat = `http://localhost:${wechatPort}`;
  const settings = own ? ['--config', await settingsFile(data, own({ service, wechat }))] : ['--data', data];
  const child = spawn(
    binary,
    ['--port', String(servicePort), '--emulator-port', String(wechatPort), ...settings],
    {
      cwd: data,
      // Nothing of the tester's own environment: the binary reads its settings from there.
      env: { LOG_LEVEL: 'warn', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const output = collect(child);
  try {
    await untilReady(child, service, output);
  } catch (error) {
    await end(child);
    throw error;
  }
  return {
    service,
    wechat,
    data,
    control: (method, path, body) => control(wechat, method, path, body),
    async stop() {
      await end(child);
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Texts of JSON are texts of TOML. */
async function settingsFile(folder: string, settings: Settings): Promise<string> {
  const path = join(folder, 'own.toml');
  const lines = Object.entries(settings).map(
    ([name, text]) => `${name.toLowerCase()} = ${JSON.stringify(text)}\n`,
  );
  await writeFile(path, lines.join(''), { mode: 0o600 });
  return path;
}

async function untilReady(child: ChildProcess, service: string, output: () => string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`weiqiao-dev ended with ${child.exitCode}:\n${output()}`);
    const ready = await fetch(`${service}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`weiqiao-dev was not ready within ${READY_WITHIN_MS} ms:\n${output()}`);
}

async function control<T>(wechat: string, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${wechat}/_emulator${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

function collect(child: ChildProcess): () => string {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => lines.push(String(chunk)));
  return () => lines.join('');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(patience);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
