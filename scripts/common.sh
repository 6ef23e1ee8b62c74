# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the other scripts: where things are, and how to speak.

# depmod and modinfo live where a user's PATH does not lead.
PATH=$PATH:/usr/sbin:/sbin

HOST_ARCH=$(dpkg --print-architecture)

# cross_for ARCH: how the compilers for Debian's ARCH are prefixed, if not the host's own.
cross_for() {
	case $1 in
	"$HOST_ARCH") ;;
	arm64)	echo aarch64-linux-gnu- ;;
	armhf)	echo arm-linux-gnueabihf- ;;
	amd64)	echo x86_64-linux-gnu- ;;
	esac
}

# The guest is always arm64; only a host of another kind has to cross.
: "${CROSS_COMPILE=$(cross_for arm64)}"
export ARCH=arm64 CROSS_COMPILE

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/rproc_lite
export TOP CACHE

# Progress and complaints; standard output is for results.
say() {
	printf '%s\n' "$*" >&2
}

die() {
	say "${0##*/}: $*"
	exit "${DIE_STATUS:-1}"
}

# quietly LOG COMMAND...: its output goes to LOG, and is shown if it fails.
quietly() {
	local log=$1
	shift
	"$@" >"$log" 2>&1 </dev/null || {
		tail -n 40 "$log" >&2
		die "failed: $*"
	}
}

# alone make...: a make of our own, not a part of the make that called us.
alone() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL "$@"
}
