#!/usr/bin/env bash
# Measures a release build of `weiqiao serve` on SQLite: time from start to ready, and memory at rest.
source "$(dirname "$0")/lib.sh"
step "Building the release binary"
cargo build --release -p weiqiao --features web
exec python3 - "$ROOT/target/release/weiqiao" "${1:-10}" <<'PY'
import os, socket, statistics, subprocess, sys, tempfile, time, urllib.request

binary, runs = sys.argv[1], int(sys.argv[2])

def port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]

def once():
    with tempfile.TemporaryDirectory() as folder:
        p, m = port(), port()
        env = {
            "PATH": os.environ["PATH"], "API_HOST": "127.0.0.1", "API_PORT": str(p), "METRICS_ADDR": f"127.0.0.1:{m}",
            "PUBLIC_URL": "https://figures.example.com", "DATABASE_URL": f"sqlite://{folder}/w.db", "LOG_LEVEL": "warn",
            "JWT_SECRET": "5f0f6c1d9b7c4f0c9a51b0b7d6a1c3e8f2", "SESSION_SECRET": "e1c7a4d92b804b6f8f3d5a70c6b9e2f417",
            "WECHAT_OFFICIAL_APP_ID": "wx1234567890abcdef", "WECHAT_OFFICIAL_APP_SECRET": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        }
        began = time.perf_counter()
        child = subprocess.Popen([binary, "serve"], env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            while True:
                if child.poll() is not None:
                    sys.exit("weiqiao serve ended: " + child.stderr.read().decode())
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{p}/readyz", timeout=1).read()
                    break
                except OSError:
                    if time.perf_counter() - began > 30:
                        sys.exit("not ready after 30 s")
                    time.sleep(0.002)
            ready = (time.perf_counter() - began) * 1000
            for _ in range(100):
                urllib.request.urlopen(f"http://127.0.0.1:{p}/api/health", timeout=2).read()
            time.sleep(1)
            with open(f"/proc/{child.pid}/status") as f:
                rss = next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))
            return ready, rss / 1024
        finally:
            child.terminate()
            child.wait(20)

samples = [once() for _ in range(runs)]
ready = [s[0] for s in samples]
rss = [s[1] for s in samples]
print(f"binary          {os.path.getsize(binary) / 1e6:.1f} MB")
print(f"start to ready  median {statistics.median(ready):.0f} ms, worst {max(ready):.0f} ms over {runs} starts (goal ≤ 300 ms)")
print(f"memory at rest  median {statistics.median(rss):.1f} MB, worst {max(rss):.1f} MB (goal ≤ 40 MB)")
PY
