#!/bin/sh
# The first process of the virtual machine: Bluetooth on a virtual adapter, then the scenarios.
# Their results leave on the second serial port; the console is the first.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
export PYTHONPATH=/opt/project:/opt/project/tests/sensing:/opt/packages PYTHONUNBUFFERED=1 TRACKER_HOME=/tmp/tracker

mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
modprobe hci_vhci

mkdir -p /run/dbus /var/lib/bluetooth
dbus-daemon --system --fork

# D-Bus and systemd start bluetoothd again where it ended; each end is remembered.
while :; do
    /usr/libexec/bluetooth/bluetoothd --nodetach
    echo "bluetoothd ended with $?" | tee -a /run/bluetoothd_ends
    sleep 1
done &

cd /opt/project/tests/bluez || exit
python3 guest_sensors.py &
python3 guest_scenarios.py "$@" >/dev/ttyS1

# Nothing is to be kept: the disk is thrown away.
echo b >/proc/sysrq-trigger
