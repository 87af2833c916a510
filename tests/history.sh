#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The histories that trials of nightly and bisect are made of: they can be made of today's mmcore,
# they compile, and equal seeds give equal ones.
. "$(dirname "$0")/tap"

make_history() { # NAME WORD...
	"$root/tests/history/make" "$scratch/$1" "${@:2}" >"$scratch/$1.said"
}

said() { # NAME FIELD
	sed -n "s/^$2 //p" "$scratch/$1.said"
}

# What our warnings say of sources, without the time that optimising takes.
compiles() { # DIRECTORY FILE...
	cd "$1"
	printf '%s\n' "${@:2}" | xargs -n 8 -P 2 gcc -std=gnu11 -fsyntax-only -DTRI_CHECK_LEVEL=0 \
		-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wundef -Werror \
		-ffreestanding -mcx16 -Immcore -Ibench -Itargets/user/include -Itargets/include
}

# A plant in a copy of mmcore; what it changes is compiled.
planted() { # PLANT
	local patch=$root/tests/history/plants/$1 tree=$scratch/$1

	mkdir "$tree"
	cp -r "$root/mmcore" "$tree"
	ln -s "$root/bench" "$root/targets" "$tree"
	cd "$tree"
	[[ ! -e $patch.before ]] || patch -s -p1 -i "$patch.before"
	sed "s/@SIZE@/$(sed -n "s/^Size: //p" "$patch.patch")/g" "$patch.patch" | patch -s -p1
	# shellcheck disable=SC2046
	compiles "$tree" $(sed -n "s/^+++ b\///p" "$patch.patch")
}

test_each_plant_applies_and_compiles() {
	local patch plant

	for patch in "$root"/tests/history/plants/*.patch; do
		plant=$(basename "$patch" .patch)
		expect "$(sed -n 's/^Workload: //p' "$patch")" "[a-z]*"
		expect "$(sed -n 's/^Counter: //p' "$patch")" "[a-z]*"
		planted "$plant"
	done
}

# Of changes that a seed draws, some are of every kind and most files.
test_harmless_changes_compile() {
	make_history all --seed 3
	expect "$(said all planted)" none
	compiles "$scratch/all" mmcore/*.c
	git -C "$scratch/all" log --format=%s >"$scratch/subjects"
	for kind in "word on" "another name" "another order" "helper" "another base"; do
		expect "$(cat "$scratch/subjects")" "*$kind*"
	done
	expect "$(wc -l <"$scratch/subjects")" 64
}

test_equal_seeds_give_equal_commits() {
	for name in one other; do
		make_history $name --seed 5 --plant lost_batch --commits 8
	done
	make_history third --seed 6 --plant lost_batch --commits 8
	diff "$scratch/one.said" "$scratch/other.said"
	! diff "$scratch/one.said" "$scratch/third.said" >/dev/null
}

# Wherever it is planted, and only there.
test_a_plant_is_one_commit() {
	for at in 2 5 8; do
		make_history at$at --seed 7 --plant eager_flush --commits 8 --at $at
		expect "$(said at$at at)" $at
		cd "$scratch/at$at"
		expect "$(git rev-list --count "$(said at$at planted)")" $at
		expect "$(git log --format=%H -S'flush_addresses(core, area_flush_start' -- mmcore/flush_lazy.c)" \
			"$(said at$at planted)"
	done
}

test_bad_words() {
	try "$root/tests/history/make"
	expect_error 2 "*name the repository*"
	try "$root/tests/history/make" "$scratch/new" --plant nothing
	expect_error 2 "*no tests/history/plants/nothing.patch"
	try "$root/tests/history/make" "$scratch/new" --at 65
	expect_error 2 "*2 to 64"
	try "$root/tests/history/make" "$scratch" --seed 1
	expect_error 2 "*exists*"
	[[ ! -e $scratch/new ]]
}

tap_run
