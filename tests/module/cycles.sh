#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Many times the module is loaded, runs a case and is removed, in one guest: Linux gets back all it
# lent, memory and addresses, and its page tables are what they were, entry by entry (tables/).
#
# MODULE_CYCLES (20) is how many times; `make soak` has it 100.
. "$(dirname "$0")/setup"

cycles=${MODULE_CYCLES-20}
# A guest and its cases, on a machine that does other things, too.
patience=${MODULE_PATIENCE-$((150 + 4 * cycles))}

# What is free, kB: MemFree, and what CPUs keep in lists of their own, which comes and goes by
# megabytes; the most of three looks, as caches leave and what is freed late is freed. Then lines of
# addresses that are ours. What Linux itself allocates once, the first loads have it do. The window's
# name Linux only knows while the module is loaded; its size is a GiB and a guard page.
in_guest='
case="unmap-storm memory=32M window=64M warmup=0 slice=50 exact_ops=64 arm:flush=lazy arm:flush=eager"
trimm=/sys/kernel/debug/trimm
window=" 1073745920 "

free() {
	awk "\$1 == \"MemFree:\" { kb = \$2 } \$1 == \"count:\" { kb += 4 * \$2 } END { print kb }" \
		/proc/meminfo /proc/zoneinfo
}

left() {
	most=0
	for look in 1 2 3; do
		sync
		echo 3 >/proc/sys/vm/drop_caches
		sleep 1
		now=$(free)
		[ $now -le $most ] || most=$now
	done
	echo "free $most"
	echo "ours $(grep -c -e trimm -e "$window" /proc/vmallocinfo)"
}

cycles() { # COUNT
	i=0
	while [ $i -lt $1 ]; do
		insmod /trimm.ko || exit 1
		echo "$case blocks=2" >$trimm/run || exit 1
		code=$(tail -n 1 $trimm/records)
		[ "$code" = X0 ] || { echo "cycle $i ended with $code"; exit 1; }
		rmmod trimm || exit 1
		i=$((i + 1))
	done
}

# How many entries of windows there are while both arms are open, by the addresses Linux says they
# have: so many are seen to be replaced, and that they are restored is no accident.
open_windows() {
	insmod /trimm.ko || exit 1
	echo "$case blocks=1000" >$trimm/run || exit 1
	until cat $trimm/check >checked && [ "$(grep -c "^0 faults" checked)" = 2 ]; do
		grep -q running $trimm/status || exit 1
		sleep 0.1
	done
	cat /sys/kernel/debug/tables >during
	grep "$window" /proc/vmallocinfo | sed "s/^0x\([^-]*\).*/\1/" >addresses
	rmmod trimm || exit 1
	echo "windows $(grep -c -f addresses during) $(grep -c -f addresses before)"
}

insmod ./tables.ko || exit 1
echo 1 >/proc/sys/kernel/kptr_restrict
cycles 5
left
cat /sys/kernel/debug/tables >before
open_windows
cycles '"$cycles"'
left
cat /sys/kernel/debug/tables >after
echo "tables $(wc -l <before)"
cmp before after && echo restored
'

leaves_nothing() { # KERNEL
	local free

	need_guest "$1"
	build_for "$1" tables
	try guest kernel="$1" cpus=2 ram=256M "$built" -- "$in_guest"
	expect "$err" ""
	expect_code 0
	expect "$out" $'free *\nours 0\nwindows 2 0\nfree *\nours 0\ntables [1-9]*\nrestored'
	read -ra free <<<"$(sed -n 's/^free //p' <<<"$out" | tr '\n' ' ')"
	# As much more would be an accident, too: something else was given up meanwhile.
	[[ $((free[0] - free[1])) -le 1024 ]] || {
		echo "free memory fell from ${free[0]} to ${free[1]} kB"
		return 1
	}
}
declare_kernel_tests leaves_nothing

tap_run
