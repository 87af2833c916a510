#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The tests of the layers above the page allocator hold with pages=bitmap as they do with the
# default; TRI_PAGES tells the model platform. Each program that exists runs, sanitized too.
. "$(dirname "$0")/tap"

# Look at nothing that only one answer has, such as free lists.
programs='areas areas_streams areas_threads flush page_calls pages_threads pagetable slab slab_debug
	slab_merge threads vmalloc vmalloc_family vmalloc_threads vmap vrealloc zones'

run_with_bitmap() { # FLAVOUR
	local program ran=
	for program in $programs; do
		program=$root/build/$1/tests/mmcore/test_$program
		[[ -x $program ]] || continue
		ran=yes
		CMOCKA_MESSAGE_OUTPUT=TAP TRI_PAGES=bitmap "$program" >"$scratch/out" 2>&1 ||
			{
				cat "$scratch/out"
				exit 1
			}
	done
	[[ $ran ]] || skip "nothing built as $1"
}

test_as_measured() {
	run_with_bitmap release
}

test_with_address_sanitizer() {
	run_with_bitmap asan
}

test_with_thread_sanitizer() {
	run_with_bitmap tsan
}

tap_run
