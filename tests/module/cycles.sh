#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A hundred times the module is loaded, runs a case and is removed, in one guest: Linux gets back
# all it lent, memory and addresses. That its page tables are restored the launcher sees to: Linux
# warns when it meets tables that aren't its own, and then the run has failed.
. "$(dirname "$0")/setup"

# A guest and 100 cases, on a machine that does other things, too.
patience=${MODULE_PATIENCE-400}

# MemFree, kB, as far as caches can be asked to leave; then lines of addresses that are ours. The
# window's name Linux only knows while the module is loaded; its size is a GiB and a guard page.
left_over='
left() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1
	echo "free $(awk "\$1 == \"MemFree:\" { print \$2 }" /proc/meminfo)"
	echo "ours $(grep -c -e trimm -e " 1073745920 " /proc/vmallocinfo)"
}
cycles() {
	i=0
	while [ $i -lt $1 ]; do
		insmod /trimm.ko || exit 1
		echo "$2" >/sys/kernel/debug/trimm/run || exit 1
		code=$(tail -n 1 /sys/kernel/debug/trimm/records)
		[ "$code" = X0 ] || { echo "cycle $i ended with $code"; exit 1; }
		rmmod trimm || exit 1
		i=$((i + 1))
	done
}
'

leaves_nothing() { # KERNEL
	local case="unmap-storm ${small[*]} exact_ops=64 arm:flush=lazy arm:flush=eager" free

	# What Linux itself allocates once, the first loads have it do.
	try guest kernel="$1" cpus=2 ram=256M -- "$left_over
		cycles 5 '$case'; left; cycles 100 '$case'; left"
	expect_code 0
	expect "$out" $'free *\nours 0\nfree *\nours 0'
	read -ra free <<<"$(echo "$out" | sed -n 's/^free //p' | tr '\n' ' ')"
	# As much more would be an accident, too: something else was given up meanwhile.
	[[ $((free[0] - free[1])) -le 1024 ]] || {
		echo "MemFree fell from ${free[0]} to ${free[1]} kB"
		return 1
	}
}
declare_kernel_tests leaves_nothing

tap_run
