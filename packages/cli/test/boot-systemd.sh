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
  # Read-only: so udev does not start.
  mount -t sysfs -o ro sysfs sys
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  mount -t tmpfs tmpfs run
  mount -t tmpfs tmpfs tmp
  # Not the machine'"'"'s: systemd makes and changes nodes.
  mount -t tmpfs -o mode=755 tmpfs dev
  mkdir dev/net dev/shm dev/pts
  for node in null zero full random urandom tty net/tun; do
    touch "dev/$node"
    mount --bind "/dev/$node" "dev/$node"
  done
  ln -s /proc/self/fd dev/fd
  # What the machine itself may have of vpnext is hidden: the first start here is that of a new machine.
  rm -rf var/lib/vpnext* etc/vpnext etc/systemd/system/vpnext* etc/sysusers.d/vpnext* etc/tmpfiles.d/vpnext*
  mkdir tmp/old
  printf "[Unit]\nDescription=test\nAllowIsolate=yes\nRequires=sysinit.target\nAfter=sysinit.target\n" \
    > etc/systemd/system/vpnext-test.target
  # What every service waits for, without what would look for the machine'"'"'s disks and devices.
  for unit in systemd-remount-fs systemd-fsck-root systemd-udevd systemd-udev-trigger systemd-sysctl systemd-modules-load; do
    ln -sf /dev/null "etc/systemd/system/$unit.service"
  done
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
