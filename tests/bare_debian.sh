#!/usr/bin/env bash
# A machine with nothing on it: Debian with Python, make and git, in a folder. Clones this checkout into it and runs
# a command there, `make demo && make test` where none is given; says the minutes and the megabytes.
#
#   sudo tests/bare_debian.sh /opt/bare                        # once: builds the machine; then the two commands
#   sudo tests/bare_debian.sh /opt/bare 'make demo'            # a new clone on the same machine, apt's packages kept
#   sudo env OFFLINE=1 KEEP=1 tests/bare_debian.sh /opt/bare 'make demo'   # the same clone again, no network but loopback
#   sudo env WORKTREE=1 tests/bare_debian.sh /opt/bare         # what lies here, committed or not
#
# SUITE names another Debian release (bookworm). BIND lists folders of this machine to show read-only inside, for a pip
# that is configured to read local folders; pip's own configuration and the certificates are taken along.
# Needs root, debootstrap, and iproute2 for OFFLINE. Mounts live in a namespace of their own and vanish with it.
set -euo pipefail

root=$(realpath -m "${1:?the folder for the machine, e.g. /opt/bare}")
command=${2:-make demo && make test}
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$root/root/presswatch

if [ ! -e "$root/.ready" ]; then
    debootstrap --variant=minbase --include=python3,make,git,ca-certificates "${SUITE:-bookworm}" "$root" >/dev/null
    touch "$root/.ready"
fi
cp --dereference /etc/resolv.conf /etc/hosts "$root/etc/"
cp --dereference /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
for file in /etc/pip.conf "$HOME/.config/pip/pip.conf"; do
    if [ -e "$file" ]; then install -D "$file" "$root$file"; fi
done

if [ -z "${KEEP:-}" ]; then
    rm -rf "$work"
    git clone --quiet --no-hardlinks "$checkout" "$work"
    if [ -n "${WORKTREE:-}" ]; then
        git -C "$work" rm -rq --ignore-unmatch . >/dev/null
        git -C "$checkout" ls-files -z --cached --others --exclude-standard |
            tar -C "$checkout" --null --files-from=- --ignore-failed-read -c | tar -C "$work" -x
    fi
fi

space() { du -sm --exclude=proc --exclude=sys --exclude=dev "$root" | cut -f1; }
before=$(space) start=$SECONDS status=0
export root command
unshare --mount --pid --fork ${OFFLINE:+--net} bash -euc '
    mount --make-rprivate /
    if [ -n "${OFFLINE:-}" ]; then ip link set lo up; fi
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/tmp"
    for folder in ${BIND:-}; do
        mkdir -p "$root$folder"
        mount --bind -o ro "$folder" "$root$folder"
    done
    # Of the environment only what pip and TLS are told on this machine.
    mapfile -t kept < <(env | grep -E "^(PIP_|SSL_CERT_)" || true)
    exec chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM="${TERM:-dumb}" \
        "${kept[@]}" bash -euc "cd /root/presswatch; $command"
' || status=$?

printf 'bare machine: status %d, %d s, %d MB before, %d MB more after\n' \
    "$status" $((SECONDS - start)) "$before" $(($(space) - before))
exit "$status"
