#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# guest/prepare: what it makes of a kernel that is given, and what it says where something is
# missing. Kernel, busybox and make are fakes; nothing boots and nothing is fetched.
. "$(dirname "$0")/setup"

[[ -x $root/build/release/trimm-module ]] || { echo "1..0 # skip build/release first"; exit 0; }

# A kernel by its paths, and programs: all there are, but busybox is ours.
given() {
	kernel=$scratch/kernel/bzImage:$scratch/kernel/headers
	out_folder=$scratch/guest/given
	mkdir -p "$scratch/kernel/headers/include/config" "$scratch/bin"
	echo image >"$scratch/kernel/bzImage"
	echo symbols >"$scratch/kernel/headers/Module.symvers"
	echo 6.99-given >"$scratch/kernel/headers/include/config/kernel.release"
	find /usr/sbin /usr/bin -maxdepth 1 -executable -exec ln -sf -t "$scratch/bin" {} +
	rm -f "$scratch/bin/busybox"
	printf '#!/bin/sh\nprintf "%%s\\n" busybox sh ls\n' >"$scratch/bin/busybox"
	chmod +x "$scratch/bin/busybox"
}

prepare() { # WORD...
	PATH=$scratch/bin timeout 60 "$root/guest/prepare" "$@" "$kernel" "$out_folder"
}

test_a_kernel_that_is_given() {
	given
	try prepare --kernel-only
	expect_code 0
	expect "$(cat "$out_folder/release") $(cat "$out_folder/vmlinuz")" "6.99-given image"
	expect "$(gzip -dc "$out_folder/initramfs" | cpio -t --quiet | tr '\n' ' ')" \
		". bin bin/busybox bin/ls bin/sh dev drivers init proc sys tmp "
	# And once.
	touch -d '1 hour ago' "$out_folder/base/stamp" "$out_folder/initramfs" "$scratch/old"
	touch -r "$root/build/release/trimm-module" "$out_folder/initramfs"
	try prepare --kernel-only
	expect_code 0
	[[ ! $out_folder/base/stamp -nt $scratch/old ]]
}

test_a_program_that_is_missing() {
	local program

	for program in flock setpriv cpio; do
		given
		rm -rf "$out_folder" "$scratch/bin/$program"
		try prepare --kernel-only
		expect_error 1 "guest/prepare: no $program here, and no guest without it; install package *"
		[[ ! -e $out_folder/initramfs ]]
	done
	given
	rm "$scratch/bin/make"
	try prepare
	expect_error 1 "guest/prepare: no make here, *"
}

# What failed half-way counts as nothing.
test_an_archive_that_fails() {
	given
	rm "$scratch/bin/cpio"
	printf '#!/bin/sh\necho part; exit 1\n' >"$scratch/bin/cpio"
	chmod +x "$scratch/bin/cpio"
	try prepare --kernel-only
	expect_code 1
	[[ ! -e $out_folder/initramfs ]]
}

test_what_it_started_ends_with_it() {
	local i builder

	given
	rm "$scratch/bin/make"
	printf '#!/bin/sh\necho $$ >%s/builder\nexec sleep 50\n' "$scratch" >"$scratch/bin/make"
	chmod +x "$scratch/bin/make"
	PATH=$scratch/bin "$root/guest/prepare" "$kernel" "$out_folder" 2>/dev/null &
	for ((i = 0; i < 200; i++)); do
		[[ ! -s $scratch/builder ]] || break
		sleep 0.1
	done
	builder=$(cat "$scratch/builder")
	kill -TERM $!
	wait $! || true
	for ((i = 0; i < 100; i++)); do
		kill -0 "$builder" 2>/dev/null || return 0
		sleep 0.1
	done
	echo "the build goes on"
	return 1
}

test_a_build_that_fails() {
	given
	rm "$scratch/bin/make"
	printf '#!/bin/sh\necho "first"; echo "x.c:1: error: no such thing"; exit 2\n' >"$scratch/bin/make"
	chmod +x "$scratch/bin/make"
	try prepare
	expect_code 1
	expect "$err" "*guest/prepare: the module does not build: x.c:1: error: no such thing; all of it: *"
}

test_words() {
	try "$root/guest/prepare"
	expect_error 1 "guest/prepare: usage: *"
	try "$root/guest/prepare" 5.4 "$scratch/guest/5.4"
	expect_error 1 "guest/prepare: kernel=5.4: give 6.1, 6.12, *"
	try "$root/guest/prepare" /nowhere/tree "$scratch/guest/tree"
	expect_error 1 "guest/prepare: kernel=/nowhere/tree: *"
}

tap_run
