#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Mistakes made on purpose: each patch of tests/patches, and a plant of tests/history that is one
# too, applied to a copy of the sources, must make the test that is named for it fail, and no build
# error may pass for that. The copy takes along the objects of the sanitized build, so that little
# is compiled.
. "$(dirname "$0")/tap"

# Copy what the test programs of mmcore are made of, with its times.
copy_tree() {
	mkdir -p "$scratch/tree/build/asan/tests"
	cd "$root"
	cp -a Makefile mmcore bench targets tests analysis cli "$scratch/tree"
	cp -a build/asan/mmcore "$scratch/tree/build/asan" 2>/dev/null || true
	cp -a build/asan/tests/mmcore "$scratch/tree/build/asan/tests" 2>/dev/null || true
	cd "$scratch/tree"
}

run_program() { # PROGRAM
	try env -u MAKEFLAGS -u MFLAGS make -s -j2 FLAVOUR=asan "build/asan/tests/mmcore/$1"
	expect_code 0
	try env -u CMOCKA_MESSAGE_OUTPUT timeout 60 "build/asan/tests/mmcore/$1"
}

# With the patch the program fails, and in the test of that name.
caught() { # PATCH under tests/, PROGRAM TEST
	copy_tree
	try patch -s -p1 -i "$root/tests/$1.patch"
	expect_code 0
	run_program "$2"
	expect "$out$err" "*[[]  FAILED  ] $3"$'\n*'
}

test_growth_that_copies_all_the_same_is_caught() {
	caught history/plants/vrealloc_wrong_pointer test_vrealloc growing_in_place_copies_nothing
}

test_a_resize_that_forgets_the_shadow_is_caught() {
	caught patches/vrealloc_forgets_the_shadow test_vrealloc the_shadow_follows_the_size
}

test_zeroing_twice_is_caught() {
	caught patches/vrealloc_zeroes_twice test_vrealloc only_what_is_new_is_zeroed
}

tap_run
