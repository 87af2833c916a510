#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every C file is as clang-format leaves it (`make format`), and the manual pages are clean.
. "$(dirname "$0")/tap"

sources() {
	(cd "$root" && find mmcore bench targets launch guest trace analysis cli tests -name '*.[ch]')
}

# Versions of clang-format differ in details; the project's is this one.
test_c_files_are_formatted() {
	[[ $(clang-format --version 2>/dev/null) == *"version 14."* ]] || skip "no clang-format 14"
	cd "$root"
	sources | xargs clang-format --dry-run -Werror
}

test_c_files_say_what_they_are() {
	cd "$root"
	sources | while read -r file; do
		[[ $(head -n 1 "$file") == '/* SPDX-License-Identifier: GPL-2.0-only */' ]] &&
			[[ $(sed -n 2p "$file") == '/*'* ]] ||
			{
				echo "$file: begin with the licence line and a head comment"
				exit 1
			}
	done
}

test_the_manual_pages_are_clean() {
	local page

	command -v man >/dev/null || skip "no man"
	for page in "$root"/man/*.1; do
		expect "$(man --warnings=w -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)" ""
	done
}

# What is shown to whoever adds a workload is one that is there.
test_the_example_of_a_workload_is_that_file() {
	local page=$root/CONTRIBUTING.md file=$root/bench/workloads/random_size_alloc_test.c

	grep -qF "\`bench/workloads/random_size_alloc_test.c\`, whole:" "$page"
	sed -n '/^```c$/,/^```$/{/^```/!p}' "$page" | diff - "$file"
	(($(wc -l <"$file") <= 40))
}

tap_run
