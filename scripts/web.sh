#!/usr/bin/env bash
# Builds the web packages and pages when a source or the lock file is newer than the last build.
source "$(dirname "$0")/lib.sh"
[ -d target/tools/node/node_modules/.bin ] && PATH="$ROOT/target/tools/node/node_modules/.bin:$PATH"
stamp=web/node_modules/.weiqiao-build
newer() { [ -n "$(find web -path '*/node_modules' -prune -o -path '*/dist' -prune -o -type f -newer "$1" -print -quit)" ]; }
lock_stamp=web/node_modules/.weiqiao-install
if [ ! -e "$lock_stamp" ] || [ web/package-lock.json -nt "$lock_stamp" ]; then
  step "Installing web packages"
  (cd web && npm ci --silent --no-audit --no-fund)
  touch "$lock_stamp"
fi
missing_dist() { local d; for d in web/packages/*/ web/apps/*/; do [ -d "$d/dist" ] || return 0; done; return 1; }
if [ ! -e "$stamp" ] || missing_dist || newer "$stamp"; then
  step "Building web pages"
  (cd web && npm run --silent build)
  touch "$stamp"
else
  note "web pages are up to date"
fi
