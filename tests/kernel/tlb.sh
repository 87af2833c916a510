#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The workloads about TLBs, in exact mode: the shapes that others have published, and who is
# interrupted how often.
. "$(dirname "$0")/setup"

# The exact counter of each arm, a line each.
counted() { # COUNTER WORD...
	local name=$1

	shift
	kernel "$@" mode=exact 2>"$scratch/words" >"$scratch/records" || {
		cat "$scratch/words"
		return 1
	}
	sed -n "s/.*\"phase\":\"exact\",\"name\":\"$name\",.*\"value\":\([0-9]*\).*/\1/p" "$scratch/records"
}

# An unmap interrupts all other CPUs, as it did before Linux 2.6.28; lazily next to nobody.
test_interrupts_of_eager_global_grow_with_the_cpus_and_those_of_lazy_do_not() {
	local cpus value

	need_qemu
	for cpus in 1 2 4 8; do
		mapfile -t value < <(counted shootdowns unmap-storm cpus=$cpus nr_pages=8 \
			exact_ops=$((1024 / cpus)) memory=64M \
			arm:flush=eager-global arm:flush=lazy)
		expect "${value[0]}" $((1024 * (cpus - 1))) || return 1
		[[ ${value[1]} -le $((cpus - 1)) ]] || {
			echo "flush=lazy on $cpus CPUs: ${value[1]} interrupts"
			return 1
		}
	done
}

# 64 MiB, two passes: a miss a page of 4 KiB, and of 2 MiB one in 512 pages.
test_large_mappings_cut_misses_of_a_scan_a_hundredfold() {
	local value

	need_qemu
	mapfile -t value < <(counted dtlb_misses vmalloc-scan cpus=1 memory=256M \
		arm:huge=off arm:huge=on)
	[[ ${value[0]} -ge 32768 && ${value[0]} -ge $((100 * value[1])) ]] || {
		echo "misses: huge=off ${value[0]}, huge=on ${value[1]}"
		return 1
	}
}

test_a_victim_is_interrupted_by_each_flush() {
	local value

	need_qemu
	mapfile -t value < <(counted victim_interrupts isolated-victim cpus=4 exact_ops=500 \
		memory=64M arm:flush=eager arm:flush=lazy)
	expect "${value[0]}" 1500 && expect "${value[1]}" 0
}

# What is touched after the unmap was forgotten where all was flushed, and not where a range was.
test_access_after_an_unmap_pays_for_what_a_full_flush_drops() {
	local value

	need_qemu
	mapfile -t value < <(counted dtlb_misses tlbflush cpus=2 entries=16 working_set=64 \
		exact_ops=200 memory=64M arm:flush=eager-global arm:flush=eager)
	[[ ${value[0]} -ge $((value[1] + 200 * 50)) ]] || {
		echo "misses: eager-global ${value[0]}, eager ${value[1]}"
		return 1
	}
}

tap_run
