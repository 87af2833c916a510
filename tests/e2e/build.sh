#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The Makefile: it builds what changed, all of it and nothing else, and installs what runs.
. "$(dirname "$0")/setup"

# What make would do to the release build if a file were new.
would_build() { # FILE
	make -C "$root" --no-print-directory -n FLAVOUR=release -W "$1" build
}

needs_a_build() {
	[[ -x $root/build/release/trimm && -x $root/build/release/trimm-user ]] ||
		skip "no release build; make check makes one first"
}

test_a_second_make_does_nothing() {
	needs_a_build
	make -C "$root" -q FLAVOUR=release build
}

test_a_header_rebuilds_what_includes_it() {
	local out

	needs_a_build
	out=$(would_build cli/nearest.h)
	expect "$out" "*-c -o build/release/cli/nearest.o*-o build/release/trimm *"
	[[ $out != *"-c -o build/release/cli/list.o"* && $out != *"-o build/release/trimm-user"* ]]
	out=$(would_build mmcore/tri.h)
	expect "$out" "*release/mmcore/*.o*release/trimm-user*"
	[[ $out != *"-c -o build/release/cli/cli.o"* ]]
}

test_a_list_rebuilds_what_includes_it() {
	needs_a_build
	expect "$(would_build cli/verbs.def)" "*release/cli/main.o*"
	expect "$(would_build mmcore/events.def)" "*release/mmcore/*"
}

test_an_embedded_file_rebuilds_what_holds_it() {
	needs_a_build
	expect "$(would_build results/trimm-1.schema.json)" "*release/analysis/*release/trimm*"
}

test_install() {
	needs_a_build
	make -C "$root" --no-print-directory FLAVOUR=release DESTDIR="$scratch/to" PREFIX=/usr install
	unset TRIMM_TARGET_DIR
	try "$scratch/to/usr/bin/trimm" list workloads
	expect_code 0
	expect "$out" "*unmap-storm*"
	[[ -f $scratch/to/usr/share/man/man1/trimm.1 && -f $scratch/to/usr/share/man/man1/trimm-qemu.1 &&
		-f $scratch/to/usr/share/man/man1/trimm-module.1 ]]
}

# What starts a night: systemd takes the units as they are installed.
test_units() {
	command -v systemd-analyze >/dev/null || skip "no systemd-analyze"
	make -C "$root" --no-print-directory PREFIX="$scratch/usr" install-nightly >"$scratch/log"
	mkdir "$scratch/usr/bin"
	ln -s /bin/true "$scratch/usr/bin/trimm"
	expect "$(cd "$scratch/usr/lib/systemd/system" && SYSTEMD_UNIT_PATH=$PWD: systemd-analyze verify --man=no \
		./trimm-nightly.service ./trimm-nightly.timer 2>&1)" ""
	grep -q "^0 2 \* \* \* .*trimm nightly" "$scratch/usr/share/doc/trimm/examples/trimm-nightly.cron"
}

test_help_names_every_target_a_user_types() {
	expect "$(make -C "$root" --no-print-directory help)" "*build*deps*bench*check*format*install*clean*"
}

test_an_unknown_flavour_is_refused() {
	try make -C "$root" FLAVOUR=fast build
	expect_code 2
	expect "$err" "*FLAVOUR=fast: release, asan, tsan or fuzz*"
}

tap_run
