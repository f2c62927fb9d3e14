#!/usr/bin/env bash
# session.sh COMMAND…: runs a command in a desktop session of its own: a private home, a private bus, an unlocked
# throw-away keystore. The bus starts nothing by name, since a desktop portal or an accessibility bus that is known but
# does not answer keeps every window waiting for 25 seconds.
set -euo pipefail

home="$(mktemp -d "${TMPDIR:-/tmp}/nineheads-session.XXXXXX")"
trap 'rm -rf "$home"' EXIT

export HOME="$home"
export XDG_RUNTIME_DIR="$home/run" XDG_DATA_HOME="$home/.local/share" XDG_CONFIG_HOME="$home/.config" XDG_CACHE_HOME="$home/.cache"
mkdir -p -m 700 "$XDG_RUNTIME_DIR" "$XDG_DATA_HOME/keyrings" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME"
unset DBUS_SESSION_BUS_ADDRESS WAYLAND_DISPLAY

cat > "$home/bus.conf" <<CONF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:dir=$XDG_RUNTIME_DIR</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
CONF

# The keystore stays in the foreground of this shell, so that it ends with the session and never outlives it.
dbus-run-session --config-file="$home/bus.conf" -- bash -euo pipefail -c '
  printf "test\n" | gnome-keyring-daemon --unlock --components=secrets --foreground >/dev/null 2>&1 &
  keystore=$!
  trap "kill $keystore 2>/dev/null || true; wait $keystore 2>/dev/null || true" EXIT
  # Asking for the name is enough: the keystore takes it once it is unlocked.
  for _ in $(seq 200); do
    dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / \
      org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>/dev/null | grep -q true && break
    sleep 0.05
  done
  "$@"' _ "$@"
