#!/bin/sh
# Builds the image without a container engine, over bases made from Debian's packages and this machine's Node, under the
# official bases' names; then runs bot and workers from it (try.ts). Needs root, buildah and debootstrap (apt-get install both),
# the node modules of this tree, and Node's headers in /usr/include/node (Debian: libnode-dev, or NodeSource's package).
# usage: test/image/build.sh [WORKDIR]     about ten minutes the first time, 25 GB; WORKDIR keeps the base
set -eu
cd "$(dirname "$0")/../.."
work=${1:-$(mktemp -d)}
root=$work/root
image=localhost/netdelta
build() { buildah --storage-driver vfs --root "$work/storage" --runroot "$work/run" "$@"; }

# Sizes are of what was copied into the image; in chroot isolation NET_RAW is not in the bounding set, as in a strict cluster.
make_root() {
  [ -x "$root/usr/bin/apt-get" ] && return
  debootstrap --variant=minbase --include=ca-certificates bookworm "$root" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"}
  # As in the official slim one, so that the size that is measured is that of the image.
  rm -rf "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/doc "$root"/usr/share/man "$root"/usr/share/locale
}

# commit NAME FILES…: an image of the base with these files of this machine in it, each as SOURCE:TARGET
commit() {
  name=$1
  shift
  container=$(build from scratch)
  build copy -q "$container" "$root" /
  for pair in "$@"; do build copy -q "$container" "${pair%%:*}" "${pair#*:}"; done
  # Whom this machine trusts, the build of this test trusts: there may be a proxy between.
  build config --env npm_config_nodedir=/usr/local --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
  build commit -q --rm "$container" "docker.io/library/$name"
}

make_bases() {
  build inspect docker.io/library/debian:bookworm-slim >/dev/null 2>&1 || commit debian:bookworm-slim
  build inspect docker.io/library/node:24-bookworm-slim >/dev/null 2>&1 && return
  npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
  commit node:24-bookworm-slim "$(readlink -f "$(command -v node)"):/usr/local/bin/node" \
    "$npm:/usr/local/lib/node_modules/npm" /usr/include/node:/usr/local/include/node \
    /etc/ssl/certs/ca-certificates.crt:/etc/ssl/certs/ca-certificates.crt
  container=$(build from docker.io/library/node:24-bookworm-slim)
  build run --isolation chroot "$container" -- sh -c 'ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
    ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx; node --version; npm --version'
  build commit -q --rm "$container" docker.io/library/node:24-bookworm-slim
}

make_root
make_bases
build bud --format docker --isolation chroot --pull-never --layers -t "$image" .

container=$(build from "$image")
mounted=$(build mount "$container")
size=$(du -sm "$mounted" | cut -f1)
echo "size: $size MB"
[ "$size" -le 350 ] || { echo 'FAILED: larger than 350 MB'; du -xm "$mounted" | sort -rn | head -n 30; exit 1; }
ls "$mounted/app/sbom.json" >/dev/null

build inspect --type image "$image" | node -e '
  const { Docker } = JSON.parse(require("fs").readFileSync(0, "utf8"));
  process.stdout.write(JSON.stringify(Docker.config));' >"$work/config.json"
# On a network of their own: their ports are nobody else's.
tried=0
unshare --net sh -c 'ip link set lo up && exec node --import tsx test/image/try.ts "$1" "$2"' try "$mounted" "$work/config.json" || tried=$?
build umount "$container" >/dev/null
build rm "$container" >/dev/null
exit "$tried"
