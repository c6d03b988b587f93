#!/bin/sh
# Builds a small Debian with BlueZ and the program's packages as a disk image: image, vmlinuz and initrd.img.
# Usage: build_image.sh SUITE PYTHON FOLDER, as root; SUITE has Python 3.x as in "bookworm 3.11".
# What is complete in FOLDER is kept: Debian itself as it was fetched, the packages as long as their pins stay.
set -eu

suite=$1
python=$2
folder=$3
here=$(dirname "$0")
requirements=$here/../../requirements/all.txt
root=$folder/root
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
mkdir -p "$folder"
# debootstrap mounts these, and leaves them where it is cut short
trap 'umount "$root/proc" "$root/sys" 2>/dev/null || true' EXIT

if [ ! -e "$folder/.debian" ]; then
    echo "Fetching Debian $suite ..."
    rm -rf --one-file-system "$root" # one that was cut short may have /proc in it
    debootstrap --variant=minbase --include=linux-image-amd64,bluez,dbus,python3,udev,kmod \
        "$suite" "$root" "$mirror" >"$folder/debootstrap.log" 2>&1 || {
        tail -n 5 "$folder/debootstrap.log" >&2
        exit 1
    }
    rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/doc "$root"/usr/share/locale
    touch "$folder/.debian"
fi

# Wheels for the guest's Python, which need not be that of this computer; up to Debian 12's glibc 2.36.
platforms=$(for minor in $(seq 5 36); do printf ' --platform manylinux_2_%s_x86_64' "$minor"; done)
echo "Installing the program's packages for Python $python ..."
rm -rf "$root/opt/packages"
# shellcheck disable=SC2086 # several words on purpose
"$here/../../.venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
    --only-binary=:all: --implementation cp --python-version "$python" $platforms --platform manylinux2014_x86_64 \
    --no-compile --target "$root/opt/packages" -r "$requirements"
chroot "$root" python3 -m compileall -q -j 0 /opt/packages >/dev/null || true # some hold files for other Pythons

mkdir -p "$root/opt/project"
cp -L "$root/vmlinuz" "$folder/vmlinuz"
cp -L "$root/initrd.img" "$folder/initrd.img"
echo "Writing the disk image ..."
rm -f "$folder/image"
mke2fs -q -t ext4 -m 0 -d "$root" "$folder/image.part" 2G
mv "$folder/image.part" "$folder/image"
