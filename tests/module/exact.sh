#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Exact counts in a Linux guest: mmcore's are the same in each repeat and in each boot, no
# interrupt falls into them, and what nobody can know of Linux's TLB is null and says why.
#
# MODULE_EXACT_RUNS (2) is how many boots are compared.
. "$(dirname "$0")/setup"

runs=${MODULE_EXACT_RUNS-2}
# Booting says nothing for a while, and under icount on a busy machine it takes its time.
exact=(mode=exact watchdog=300 exact_ops=1024)
patience=400

# What was counted of a fresh guest's mmcore, into a file.
count() { # KERNEL OUT WORD...
	local kernel=$1 to=$2

	shift 2
	try module "$@" kernel="$kernel" "${exact[@]}"
	expect_code 0
	grep '"t":"counter"' <<<"$out" >"$to"
}

repeats() { # KERNEL WORD...
	local n

	for ((n = 0; n < runs; n++)); do
		count "$1" "$scratch/counted$n" "${@:2}"
		cmp "$scratch/counted0" "$scratch/counted$n"
	done
	expect "$(grep '"stable":false' "$scratch/counted0")" ""
	expect "$(grep -c '"tlb":' <<<"$out")" 0
	expect "$(grep '"name":"interrupts"' "$scratch/counted0")" '*"value":0,*"avail":"ok"*'
	expect "$(grep '"name":"instructions"' "$scratch/counted0")" '*"value":[1-9]*"avail":"ok"*'
	expect "$(grep '"name":"dtlb_misses"' "$scratch/counted0")" \
		'*"value":null,"avail":"unsupported","why":"no TLB is modelled*'
}

pages() { # KERNEL
	repeats "$1" page-pair order=0
}
declare_kernel_tests pages

objects() { # KERNEL
	repeats "$1" kmalloc-pair size=64
}
declare_kernel_tests objects

areas() { # KERNEL
	repeats "$1" fix_size_alloc_test nr_pages=1
}
declare_kernel_tests areas

# Several CPUs: no plugin, and mmcore's own counters all the same, as workers take turns.
cpus() { # KERNEL
	count "$1" "$scratch/counted" fix_size_alloc_test nr_pages=1 cpus=4
	expect "$(grep '"stable":false' "$scratch/counted")" ""
	expect "$(grep '"name":"area_alloc"' "$scratch/counted")" '*"value":[1-9]*"avail":"ok"*'
	expect "$(grep -c '"source":"tlbmodel"' "$scratch/counted")" 0
}
declare_kernel_tests cpus

test_what_is_refused() {
	need_guest "${kernels[0]}"
	try module page-pair mode=exact tlb=zen3
	expect_error 2 "*tlb=zen3: no TLB is modelled*"
}

tap_run
