# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # TOP is common.sh's
# Sourced by the checks of what the documentation says of tests.

# why_no_test PROGRAM:NAME or PROGRAM: nothing if there is that kselftest and it is run, or
# what is wrong.
why_no_test() {
	local program=${1%%:*} name=${1#*:} tests=$TOP/selftests files
	files=("$tests/rproc_lite/$program.c")
	[ "$program" != kernel ] || files=("$tests"/kernel/*.c)
	if [ "$program" = "$name" ]; then
		[ -e "${files[0]}" ] || echo "no program $1"
	else
		grep -qsE "\bTEST(_F|_F_TIMEOUT|_SIGNAL)?\((\w+, )?$name(, [0-9]+)?\)" \
			"${files[@]}" || echo "no test $1"
	fi
	sed -n "/^order='/,/'\$/p" "$tests/rproc_lite/run" | grep -qw "$program" ||
		grep -E "^	guest_suite 6.12 " "$TOP/scripts/check" | grep -v -e -x | grep -qw "$program" ||
		echo "nothing runs $program"
}

# rst_rows FILE: the rows of its list-tables, each a line of cells with a "|" behind each.
rst_rows() {
	awk '
		function end_row() { if (row != "") print row "|"; row = "" }
		/^   \* - / { end_row(); row = substr($0, 8); next }
		/^     - / && row != "" { row = row "|" substr($0, 8); next }
		/^       [^ ]/ && row != "" { row = row " " substr($0, 8); next }
		{ end_row() }
		END { end_row() }' "$1"
}
