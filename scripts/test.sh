#!/usr/bin/env bash
# `make test`: everything. Sets up, lints, builds, runs every test with real engines and a real browser, and sums up.
source "$(dirname "$0")/lib.sh"
scripts/setup.sh test
scripts/web.sh
[ -d target/tools/node/node_modules/.bin ] && PATH="$ROOT/target/tools/node/node_modules/.bin:$PATH"
FEATURES="weiqiao/web,weiqiao-dev/web,weixin-emulator/web"
results=(); red=()
# What is built once needs nothing for the next time: a fifth faster, and 4 GB less.
[ -z "${CI:-}" ] || export CARGO_INCREMENTAL=0
# A disk that runs full in the middle looks like a hundred broken tests.
free_gb=$(($(df -Pk . | awk 'NR == 2 { print $4 }') / 1048576))
[ -d target/debug/deps ] || [ "$free_gb" -ge 10 ] || die "$free_gb GB are free here, and a first \`make test\` needs about 8. Make room and run it again."
LOGS=target/test-logs
rm -rf "$LOGS"; mkdir -p "$LOGS"
# Pipes have no colours of their own; the ends of pipes may.
[ ! -t 1 ] || export CARGO_TERM_COLOR=always FORCE_COLOR=1
# phase NAME COMMAND…: run one part, remember how it ended, go on: one run shows every failure.
phase() {
  local name="$1" from=$SECONDS log; shift
  log="$LOGS/${#results[@]}.log"
  step "$name"
  if "$@" 2>&1 | tee "$log"; then results+=("${GREEN}✔${OFF} $name  $((SECONDS - from)) s"); else results+=("${RED}✘${OFF} $name  $((SECONDS - from)) s"); red+=("$log"); fi
}
# what_failed LOG: the names of the tests that failed and the first words about them; they are the last thing a reader sees.
what_failed() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | grep -aE '^ *(TRY [0-9]+ )?(FAIL|TIMEOUT|ABORT|SIG[A-Z]+|LEAK-FAIL) |^error|panicked at|^ *(✗|×) |^Diff in ' -A 1 \
    | grep -avE '^--$|^ *$|^note: run with|^ *stdout ───|^ *stderr ───' | awk '!seen[$0]++' | cut -c1-240 | tail -"$2" || tail -5 "$1"
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
grep -ahE '^ *(.\[[0-9;]*m)*FLAKY ' "$LOGS"/*.log | sort -u || true
for log in "${red[@]}"; do printf '%s\n' "${RED}From $log:${OFF}"; what_failed "$log" 24; done
printf '%d passed, %d failed\n' "$((${#results[@]} - ${#red[@]}))" "${#red[@]}"
[ "${#red[@]}" -eq 0 ]
