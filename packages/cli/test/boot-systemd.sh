#!/bin/bash
# Runs systemd as process 1 of a machine within the machine: an overlay of /, everything else its own, but for the network, which
# is that of the caller. Nothing it writes outlives it.
#   boot-systemd.sh <control group, made by the caller> <folder to show as /opt/vpnext>
set -e
echo $$ > "$1/cgroup.procs"
exec unshare --mount --pid --uts --ipc --cgroup --fork --kill-child bash -e -c '
  mount --make-rprivate /
  mount -t tmpfs vpnext-test /mnt
  cd /mnt
  mkdir upper work root
  mount -t overlay vpnext-test -o lowerdir=/,upperdir=upper,workdir=work root
  cd root
  mkdir -p opt/vpnext
  mount --rbind "$0" opt/vpnext
  mount -t proc proc proc
  # systemd raises limits of the whole kernel at its start; the network'"'"'s settings are of the namespace.
  mount --bind proc/sys proc/sys
  mount -o remount,bind,ro proc/sys
  mount -t sysfs sysfs sys
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  mount -t tmpfs tmpfs run
  mount -t tmpfs tmpfs tmp
  mount --rbind /dev dev
  mkdir tmp/old
  printf "[Unit]\nDescription=test\nAllowIsolate=yes\n" > etc/systemd/system/vpnext-test.target
  # Nothing of the lower system is started.
  pivot_root . tmp/old
  cd /
  umount -l /tmp/old
  mount -t proc proc /tmp/old
  mount --bind /tmp/old/sys/net /proc/sys/net
  umount -l /tmp/old
  exec env -i container=vpnext-test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    "$(command -v systemd || echo /lib/systemd/systemd)" --system --unit=vpnext-test.target \
    --show-status=no --log-target=console --log-level=warning
' "$2"
