#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Exact counts: the same in every run and in every repeat of one, on a busy machine; and one
# instruction more is one instruction more.
#
# EXACT_RUNS (3) is how often a run is compared with the first; EXACT_WORKLOADS which are run, all
# if it is empty. `make soak` does 20 of all.
. "$(dirname "$0")/setup"

runs=${EXACT_RUNS-3}
some=${EXACT_WORKLOADS-unmap-storm fix_size_alloc_test remote-free}

need_both() {
	need_qemu
	command -v qemu-x86_64 >/dev/null || skip "no qemu-x86_64"
}

chosen() {
	if [[ $some ]]; then echo "$some"; else workloads; fi
}

# Something else to do for the machine, until this test ends.
busy() {
	local test=$BASHPID

	while kill -0 "$test" 2>/dev/null; do :; done &
}

# A TLB so small that it tells which page came before which. All workloads: as many operations as
# each wants, and memory for the hungriest.
words=(mode=exact tlb=dtlb=4/stlb=16)
if [[ $some ]]; then
	words+=(memory=64M exact_ops=2000)
else
	words+=(memory=512M)
fi

# All records of $runs runs, to the byte. What the target has not got the means for: 77.
repeats() { # TARGET CPUS WORKLOAD
	local code=0 n

	for ((n = 0; n < runs; n++)); do
		timeout -k 1 "$patience" "$build/trimm-qemu" "$1" "$3" cpus="$2" \
			"${words[@]}" >"$scratch/$n" || code=$?
		[[ $code -eq 0 ]] || return $code
		cmp "$scratch/0" "$scratch/$n" || return 1
	done
	# Nor do the three repeats within a run differ.
	expect "$(grep '"stable":false' "$scratch/0")" "" &&
		expect "$(grep -c '"source":"tlbmodel"' "$scratch/0")" \
			"$(grep -c ^COUNTER "$root/trace/tlbmodel/counters.def")"
}

all_repeat() { # TARGET CPUS
	local workload code ran=0

	need_both
	busy
	for workload in $(chosen); do
		code=0
		repeats "$1" "$2" "$workload" || code=$?
		[[ $code -eq 77 ]] && continue
		[[ $code -eq 0 ]] || {
			echo "$workload on $1, cpus=$2: code $code"
			return 1
		}
		ran=$((ran + 1))
	done
	[[ $ran -gt 1 ]]
}

test_kernel_1_cpu() {
	all_repeat kernel 1
}

test_kernel_4_cpus() {
	all_repeat kernel 4
}

test_user() {
	all_repeat user 1
}

# --- A NOP of two bytes, or two of one, in tri_kfree(): all else stays where it was ---

# The targets built so; what is compiled anew is kmalloc.c.
build_with() { # BYTES FOLDER
	local tree=$scratch/tree

	if [[ ! -d $tree ]]; then
		mkdir -p "$tree/build/release"
		(
			cd "$root"
			cp -a Makefile mmcore bench targets launch trace analysis cli results tests "$tree"
			cd build/release
			cp -a mmcore bench targets kernel trimm-qemu tlbmodel.so "$tree/build/release"
		)
		sed -i '/^void tri_kfree(/,/^}/s/^{/{\n\t__asm__ volatile(PADDING);/' \
			"$tree/mmcore/kmalloc.c"
		[[ $(grep -c PADDING "$tree/mmcore/kmalloc.c") -eq 1 ]]
	fi
	rm -f "$tree"/build/release/{,kernel/}mmcore/kmalloc.o
	env -u MAKEFLAGS -u MFLAGS make -s -C "$tree" -j2 FLAVOUR=release \
		CC="gcc -DPADDING='\".byte $1\"'" build/release/trimm-user-static build/release/trimm-kernel
	mkdir "$2"
	cp "$tree"/build/release/{trimm-user-static,trimm-kernel,trimm-qemu,tlbmodel.so} "$2"
}

# What 10,000 operations count.
instructions() { # FOLDER TARGET
	timeout -k 1 "$patience" "$1/trimm-qemu" "$2" kmalloc-pair exact_ops=10000 cpus=1 mode=exact \
		memory=64M | sed -n 's/.*"name":"instructions",.*"value":\([0-9]*\),.*/\1/p'
}

test_one_instruction_more_in_each_of_10000_operations() {
	local target one two

	need_both
	build_with "0x66, 0x90" "$scratch/one"
	build_with "0x90, 0x90" "$scratch/two"
	for target in kernel user; do
		one=$(instructions "$scratch/one" $target)
		two=$(instructions "$scratch/two" $target)
		expect "$target: $((two - one))" "$target: 10000"
	done
}

tap_run
