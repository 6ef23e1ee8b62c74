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
export CCACHE_DIR=$CACHE/ccache CCACHE_MAXSIZE=1G

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

# cached COMMAND...: whatever compiles there goes by way of ccache, in any clone. In what is for
# debuggers the clone's own folder is then that of who compiled it first.
cached() {
	PATH=/usr/lib/ccache:$PATH CCACHE_NOHASHDIR=1 "$@"
}

# make_selftests [PROGRAM...]: all of selftests/rproc_lite, or these, in build/selftests/.
make_selftests() {
	local built=$TOP/build/selftests
	cached alone make -s -j "$(nproc)" -C "$TOP/selftests/rproc_lite" OUTPUT="$built" \
		CROSS_COMPILE="$CROSS_COMPILE" \
		KSFT_DIR="$("$TOP/scripts/kernel-source")/tools/testing/selftests" "${@/#/$built/}"
}

# at_one_place "$@": whoever calls this begins anew, and sees the tree where it sees all trees.
# Kernels before 6.13 have the path of a module's source in all that is compiled for it, and
# to ccache the same source in two clones would be two sources otherwise. TREE is the tree for
# others to see. Where no mount is to be had, the tree is where it is.
at_one_place() {
	local place=$CACHE/tree mounts=(unshare --mount)
	[ ! "$TOP" -ef "$place" ] || return 0
	export TREE=$TOP
	mkdir -p "$place"
	[ "$(id -u)" = 0 ] || mounts+=(--map-root-user)
	"${mounts[@]}" mount --rbind "$TOP" "$place" 2>/dev/null || return 0
	# shellcheck disable=SC2016 # for sh
	exec "${mounts[@]}" sh -c 'mount --rbind "$TREE" "$CACHE/tree" && exec "$@"' sh \
		"$place/scripts/${0##*/}" "$@"
}
