#!/usr/bin/env bash
# `make test`: everything. Sets up, lints, builds, runs every test with real engines and a real browser, and sums up.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh test
scripts/web.sh
[ -d target/tools/node/node_modules/.bin ] && PATH="$ROOT/target/tools/node/node_modules/.bin:$PATH"
FEATURES="weiqiao/web,weiqiao-dev/web,weixin-emulator/web"
results=(); failed=0
# phase NAME COMMAND…: run one part, remember how it ended, go on: one run shows every failure.
phase() {
  local name="$1"; shift
  step "$name"
  local from=$SECONDS
  if "$@"; then results+=("${GREEN}✔${OFF} $name  $((SECONDS - from)) s"); else results+=("${RED}✘${OFF} $name  $((SECONDS - from)) s"); failed=$((failed + 1)); fi
}
rust_tests() {
  if cargo nextest --version >/dev/null 2>&1; then
    scripts/with-services.sh scripts/rust-tests.sh "$FEATURES"
  else
    scripts/with-services.sh cargo test --workspace --features "$FEATURES" --no-fail-fast --lib --bins --tests
  fi
}
browser_tests() {
  # Built with the Rust tests, which run it too; built alone it would be other features and everything once more.
  WEIQIAO_TEST_DEV_BIN="$ROOT/target/debug/weiqiao-dev" npm --prefix web run --silent e2e
}
phase "rustfmt" cargo fmt --all --check
phase "clippy" cargo clippy --workspace --all-targets --features "$FEATURES" --quiet -- -D warnings
phase "web: lint, types, unit tests" npm --prefix web run --silent check
phase "Rust tests on SQLite, Postgres and Redis" rust_tests
phase "Rust documentation examples" cargo test --doc --workspace --features "$FEATURES" --quiet
phase "browser tests in Chromium" browser_tests
printf '\n%sSummary%s\n' "$BOLD" "$OFF"
printf '  %s\n' "${results[@]}"
printf '%d passed, %d failed\n' "$((${#results[@]} - failed))" "$failed"
[ "$failed" -eq 0 ]
