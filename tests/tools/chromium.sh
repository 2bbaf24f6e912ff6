#!/bin/sh
# The browser tests need a Chromium: use the one named in YTESO_CHROMIUM or installed, else install Debian's package.
set -u
browser="${YTESO_CHROMIUM:-/usr/bin/chromium}"
[ -x "$browser" ] && exit 0
sudo=""
if [ "$(id -u)" -ne 0 ]; then
  sudo="sudo -n"
  $sudo true 2>/dev/null || sudo=""
fi
if command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || [ -n "$sudo" ]; }; then
  echo "Installing Chromium for the browser tests…"
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null && [ -x "$browser" ] && exit 0
fi
cat >&2 <<TEXT
The browser tests need Chromium, and it could not be installed here.
Install it (Debian: apt-get install chromium), or name one: YTESO_CHROMIUM=/path/to/chromium make test
To run everything else: make test ARGS='-m "not browser"' YTESO_CHROMIUM=/bin/true
TEXT
exit 1
