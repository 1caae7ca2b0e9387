#!/bin/sh
# Follows the README's first commands on a bare Debian 12 (debootstrap's minbase with Node and nothing else), first as a plain
# user, who is told what to install, then as root: with what is not installed yet, as a stranger finds it. Prints how long
# each took. Needs root, debootstrap, and Node's headers in /usr/include/node.
# usage: test/image/stranger.sh [WORKDIR]     WORKDIR keeps the bare root for the next time
set -eu
cd "$(dirname "$0")/../.."
work=${1:-$(mktemp -d)}
bare=$work/bare

make_bare() {
  [ -x "$bare/usr/bin/node" ] && return
  debootstrap --variant=minbase bookworm "$bare" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"}
  # Node as its Debian package has it: program, npm, headers.
  npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
  install -D "$(readlink -f "$(command -v node)")" "$bare/usr/bin/node"
  mkdir -p "$bare/usr/lib/node_modules" "$bare/usr/include"
  cp -a "$npm" "$bare/usr/lib/node_modules/npm"
  cp -a /usr/include/node "$bare/usr/include/node"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$bare/usr/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$bare/usr/bin/npx"
}

# enter USER COMMAND…: in the stranger's root, with file systems and process ids of its own, and the bare environment of a log-in.
enter() {
  user=$1
  shift
  unshare --mount --pid --fork --kill-child sh -c '
    set -eu
    root=$1 user=$2; shift 2
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/tmp"; chmod 1777 "$root/tmp"
    exec chroot "$root" /usr/bin/setpriv --reuid "$user" --regid "$user" --clear-groups /usr/bin/env -i "HOME=$(awk -F: -v user="$user" "\$3 == user { print \$6 }" "$root/etc/passwd")" \
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 NODE_EXTRA_CA_CERTS=/etc/ssl/trusted.pem "$@"' enter "$root" "$user" "$@"
}

# fresh NAME: a root that nobody has touched, with a clone of what is committed here.
fresh() {
  root=$work/$1
  rm -rf "$root"
  cp -a "$bare" "$root"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  # Whom this machine trusts and where it has its packages from, the stranger's does: there may be a proxy between.
  mkdir -p "$root/etc/ssl"
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/trusted.pem"
  grep -q '^ann:' "$root/etc/passwd" || echo 'ann:x:1000:1000::/home/ann:/bin/sh' >>"$root/etc/passwd"
  grep -q '^ann:' "$root/etc/group" || echo 'ann:x:1000:' >>"$root/etc/group"
  mkdir -p "$root/$2/netdelta"
  git archive HEAD | tar -x -C "$root/$2/netdelta"
  chown -R "$3:$3" "$root/$2"
}

# What the README has typed into the console, from a pipe: a group, a scan, a change, a scan, an answer.
SESSION='cd "$1" && mkfifo /tmp/typed
{ npm start --silent -- console --json </tmp/typed >/tmp/said 2>/tmp/errors; echo $? >/tmp/code; } &
exec 3>/tmp/typed
said() { while ! grep -q "$1" /tmp/said; do [ ! -e /tmp/code ] || { cat /tmp/errors /tmp/said; echo "it ended before it said $1"; exit 1; }; sleep 0.2; done; }
echo "/netdelta group add lab 127.0.0.1 ports:22,80,8000 profile:quick" >&3
echo "/netdelta scan now lab" >&3
said "lab: scan #1 done"
node -e "require(\"http\").createServer().listen(8000, \"127.0.0.1\", () => require(\"fs\").writeFileSync(\"/tmp/open\", \"\"))" 3>&- & server=$!
while [ ! -e /tmp/open ]; do sleep 0.1; done
echo "/netdelta scan now lab" >&3
said "8000/tcp opened on 127.0.0.1 (lab)"
echo "/netdelta delta ack 1" >&3
said "Acknowledged by"
echo "/netdelta service find port:8000" >&3
said "1 open port"
exec 3>&-
while [ ! -e /tmp/code ]; do sleep 0.2; done
kill $server
cat /tmp/errors >&2
exit "$(cat /tmp/code)"'

timed() {
  what=$1
  shift
  started=$(date +%s)
  "$@"
  echo "== $what: $(($(date +%s) - started)) s"
}

make_bare
echo '== a plain user'
fresh plain home/ann 1000
told=$(enter 1000 sh -c 'cd ~/netdelta && npm start </dev/null 2>&1' || true)
install=$(echo "$told" | sed -n 's/.*Run: sudo \(apt-get install .*\)/\1/p')
echo "$told"
[ -n "$install" ] || { echo 'FAILED: it does not say what to install'; exit 1; }
timed "root installs what it says" enter 0 sh -c "apt-get -qq update && DEBIAN_FRONTEND=noninteractive $install -y -qq >/dev/null 2>&1"
told=$(enter 1000 sh -c 'cd ~/netdelta && npm start </dev/null 2>&1 >/dev/null' || true)
install=$(echo "$told" | sed -n 's/.*Run: sudo \(apt-get install .*\)/\1/p')
if [ -n "$install" ]; then
  echo "$told"
  timed "root installs what it says then" enter 0 sh -c "DEBIAN_FRONTEND=noninteractive $install -y -qq >/dev/null 2>&1"
fi
timed 'plain user: set-up and the first session' enter 1000 sh -c "$SESSION" session /home/ann/netdelta
timed 'plain user: the second start' enter 1000 sh -c 'cd ~/netdelta && echo "/netdelta status" | npm start --silent -- console --json >/dev/null'
rm -rf "$work/plain"

echo '== root'
fresh root root 0
timed 'root: set-up and the first session' enter 0 sh -c "$SESSION" session /root/netdelta
timed 'root: the second start' enter 0 sh -c 'cd ~/netdelta && echo "/netdelta status" | npm start --silent -- console --json >/dev/null'
rm -rf "$work/root"
