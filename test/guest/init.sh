#!/busybox sh
# The guest's first process: a kernel with nothing but this and some modules becomes a small Debian.
# (build.ts packs it; the shares are named in machine.ts.)
bb=/busybox
$bb mount -t devtmpfs dev /dev
exec </dev/console >/dev/console 2>&1
# What the console shows last is where a guest stands that does not answer.
say() { echo "init: $1"; }
$bb mount -t proc proc /proc
$bb mount -t sysfs sys /sys
$bb mount -t tmpfs run /run
$bb mount -t tmpfs tmp /tmp

say 'loading modules'
# crc32c_generic: without it the openvswitch module finds no crc32c under emulation.
# tun: /dev/net/tun, without which there is no userspace datapath.
$bb modprobe -a virtio_pci virtio_console virtio_net 9pnet_virtio 9p crc32c_generic tun

# The programs are the host's own, read-only: the guest runs what every other test runs.
share() {
  say "mounting $2"
  $bb mount -t 9p -o "ro,trans=virtio,version=9p2000.L,cache=loose,msize=512000" "$1" "$2"
}
share usr /usr
share alternatives /etc/alternatives
share compiled /compiled
# At its own path, by which compiled sources are known.
$bb mkdir -p "$SLUICE_CHECKOUT"
share checkout "$SLUICE_CHECKOUT"
$bb ln -s "$SLUICE_CHECKOUT" /sluice

# qemu's user network: the host's loopback answers as 10.0.2.2.
$bb ip link set lo up
$bb ip link set eth0 up
$bb ip address add 10.0.2.15/24 dev eth0

say 'starting to serve'
# Not busybox's shell any more: in that, its own ip and tc would come before the real ones.
export PATH=/sluice/node_modules/.bin:/usr/sbin:/usr/bin HOME=/run NODE_COMPILE_CACHE=/compiled
exec /usr/bin/sh /serve.sh
