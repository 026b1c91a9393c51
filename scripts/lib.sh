# Shared by the scripts beside this file; sourced, never run.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"

if [ -t 1 ]; then BOLD=$'\e[1m'; DIM=$'\e[2m'; GREEN=$'\e[32m'; RED=$'\e[31m'; OFF=$'\e[0m'; else BOLD=; DIM=; GREEN=; RED=; OFF=; fi
step() { printf '%s▶ %s%s\n' "$BOLD" "$*" "$OFF"; }
note() { printf '%s  %s%s\n' "$DIM" "$*" "$OFF"; }
die() { printf '%s✘ %s%s\n' "$RED" "$*" "$OFF" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# as_root CMD…: run with root rights when we have or can get them without a question; else fail.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif have sudo && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

# apt_install PACKAGE…: install Debian packages, or say what to install.
apt_install() {
  if ! have apt-get; then die "missing: $*. Install them with your system's package manager and run again."; fi
  step "Installing $*"
  as_root true || die "missing: $*. Run: sudo apt-get install -y $*   and then the same command again."
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq || note "apt-get update failed; trying with the lists at hand"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null \
    || die "apt-get could not install: $*"
}

# free_port: a TCP port nothing listens on at this moment.
free_port() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }
