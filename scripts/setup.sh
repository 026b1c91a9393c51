#!/usr/bin/env bash
# Makes sure that the tools a command needs are there. Usage: scripts/setup.sh run|test
source "$(dirname "$0")/lib.sh"
what="${1:-run}"

have cargo || die "Rust is missing. Install it from https://rustup.rs and run the same command again."

missing=()
have cc || missing+=(build-essential)
have cmake || missing+=(cmake)
have python3 || missing+=(python3)
have npm || missing+=(nodejs npm)
[ -e /etc/ssl/certs/ca-certificates.crt ] || [ ! -e /etc/debian_version ] || missing+=(ca-certificates)
if [ "$what" = test ]; then
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || have initdb || missing+=(postgresql)
  have redis-server || missing+=(redis-server)
  have chromium || have chromium-browser || have google-chrome || missing+=(chromium)
  fc-list 2>/dev/null | grep -qi 'noto.*cjk' || missing+=(fonts-noto-cjk fontconfig)
  # Sees the system calls of a service from below: whether a reply leaves before the disk has confirmed it.
  have strace || [ "$(uname)" != Linux ] || missing+=(strace)
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
fi
[ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"

# The web tools need Node 20.19 or newer; Debian 12 has 18. The npm registry carries Node itself as a package.
node_ok() { "$1" -e 'const [a,b]=process.versions.node.split(".").map(Number); process.exit(a>20||(a===20&&b>=19)?0:1)' 2>/dev/null; }
if ! node_ok node && ! node_ok target/tools/node/node_modules/.bin/node; then
  step "Node $(node --version 2>/dev/null || echo missing) is older than 20.19: installing Node 22 into target/tools"
  mkdir -p target/tools/node
  npm install --silent --no-audit --no-fund --prefix target/tools/node node@22 || die "Node >= 20.19 is needed and could not be installed through npm."
fi

# Other people's WeChat libraries, which the tests talk to; installed anew when their lists change.
foreign_peers() {
  local into=target/tools/foreign stamp
  stamp="$(cat tests/foreign/requirements.txt tests/foreign/package-lock.json | sha256sum | cut -d' ' -f1)"
  [ "$(cat "$into/stamp" 2>/dev/null)" != "$stamp" ] || return 0
  step "Installing the foreign peers of the tests"
  rm -rf "$into"; mkdir -p "$into"
  python3 -m venv "$into/python"
  "$into/python/bin/pip" install --quiet --disable-pip-version-check -r tests/foreign/requirements.txt
  cp tests/foreign/package.json tests/foreign/package-lock.json tests/foreign/.npmrc "$into/"
  npm ci --silent --no-audit --no-fund --prefix "$into"
  echo "$stamp" >"$into/stamp"
}
[ "$what" != test ] || { [ ! -d target/tools/node/node_modules/.bin ] || PATH="$ROOT/target/tools/node/node_modules/.bin:$PATH"; foreign_peers; }
