#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# core=NAME: builds of mmcore as shared objects, beside each other in one process. A core and its
# copy count alike, and as the program's own; what does not fit is refused or skipped, with a reason.
TRIMM_BUILD=$(cd "$(dirname "$0")/../.." && pwd)/build/release
. "$(dirname "$0")/setup"
unset TRIMM_TARGET_DIR
export TRIMM_CORES=$fake
[[ -x $build/trimm-core.so ]] || {
	echo "1..0 # SKIP no release build; make check makes one first"
	exit 0
}
cp "$build/trimm-core.so" "$fake/a.so"
cp "$build/trimm-core.so" "$fake/twin.so"
short=(cpus=1 blocks=1 warmup=0 --quiet)

# Sorted "name value" of the exact counters of a bench, but those that DROP, a regular expression,
# names.
counts() { # BENCH [DROP]
	grep "\"t\":\"counter\",\"bench\":$1,\"phase\":\"exact\"" "$(run_file)" |
		sed -E 's/.*"name":"([^"]*)".*"value":([^,]*),.*/\1 \2/' |
		grep -vE "^(${2:-none}) " | sort
}

field() { # BENCH NAME
	grep "\"t\":\"bench\",\"bench\":$1," "$(run_file)" | sed -E "s/.*\"$2\":\"?([^\",}]*).*/\1/"
}

same_counts() { # BENCH BENCH [DROP]
	[[ $(counts "$1" | wc -l) -gt 20 ]]
	diff <(counts "$1" "${3-}") <(counts "$2" "${3-}")
}

test_one_file_twice_is_two_cores() {
	trimm run page-pair core=a,twin "${short[@]}" >"$scratch/log" || [[ $? -eq 4 ]]
	trimm validate "$(run_file)"
	# The null workload is bench 0.
	same_counts 1 2
	expect "$(field 1 id)" "$(field 2 id)"
	[[ $(field 1 id) =~ ^[0-9a-f]{40}$ ]]
	expect "$(field 1 series)" "$(field 2 series)"
	expect "$(field 2 core)" twin
}

# Of eight workloads, each another part of mmcore.
test_a_core_counts_as_the_programs_own() {
	local bench=1
	# There is nothing to compare by, which it says.
	try trimm run kmalloc-pair page-bulk slab-bulk fix_size_alloc_test vrealloc_test unmap-storm \
		vm_map_ram_test kvmalloc-border arm:label=own arm:core=a "${short[@]}"
	expect "$(lines '"core":"a".*"status":"ok"')" 8
	for _ in 1 2 3 4 5 6 7 8; do
		same_counts $bench $((bench + 1))
		bench=$((bench + 2))
	done
}

# What is said reaches each, by name; what is not is the build's own, and no part of the series.
test_settings_go_by_name() {
	trimm run page-pair core=a,twin flush=eager pcp_batch=7 "${short[@]}" >"$scratch/log" ||
		[[ $? -eq 4 ]]
	expect "$(lines '"params":\{[^}]*"flush":"eager","pcp_batch":7[,}].*"settings":\{[^}]*"flush":"eager"[^}]*"pcp_batch":7[,}]')" 2
	expect "$(lines '"params":\{[^}]*"slab"')" 0
	rm -rf "$TRIMM_RESULTS"
	try trimm run fix_size_alloc_test era=2.6.28 arm:core=a arm:label=own "${short[@]}"
	same_counts 1 2
}

test_a_setting_of_one_arm_alone() {
	trimm run fix_size_alloc_test core=a flush=eager,lazy "${short[@]}" >"$scratch/log" ||
		[[ $? -eq 3 || $? -eq 4 ]]
	expect "$(lines '"settings":\{[^}]*"flush":"eager"')" 1
	expect "$(lines '"settings":\{[^}]*"flush":"lazy"')" 1
	[[ $(counts 1) != "$(counts 2)" ]]
}

refused() { # PATTERN WORD...
	local pattern=$1
	shift
	try trimm run page-pair cpus=1 --quiet "$@"
	expect_error 2 "$pattern"
	[[ ! -e $TRIMM_RESULTS ]]
}

test_no_such_file() { refused "trimm-user: core=nix: cannot read $fake/nix.so: No such file*" core=nix; }
test_no_such_path() { refused 'trimm-user: core=./nix.so: cannot read ./nix.so: No such*' core=./nix.so; }
test_no_folder_of_cores() {
	unset TRIMM_CORES
	refused 'trimm-user: core=a: a name without a slash is of $TRIMM_CORES/a.so; set*' core=a
}
test_another_subject() {
	refused 'trimm-user: core=a: a build of mmcore, which impl=native is not; *' core=a impl=native
}
test_another_target() {
	refused 'trimm: core: no parameter of this target, but of --target user' core=a --target qemu
}
test_a_setting_nobody_has() { refused 'trimm-user: flush=lasy: no such value*' core=a flush=eager arm:flush=lasy; }

# Skipped is the arm, and not the case.
skipped() { # NAME WHY
	try trimm run page-pair "core=a,$1" "${short[@]}"
	trimm validate "$(run_file)"
	expect "$(lines '"core":"a".*"status":"ok"')" 1
	expect "$(lines "\"core\":\"$1\".*\"status\":\"skipped\",\"why\":\"$2")" 1
}

test_a_file_that_is_no_library() {
	echo 'no library at all, but longer than the head of one would be, lest it be called too short' \
		>"$fake/text.so"
	skipped text '[^"]*text.so is no build of mmcore that fits \(invalid ELF header\)'
}

test_a_library_that_is_no_core() {
	echo 'int nothing;' | "${CC:-gcc}" -shared -fPIC -x c -o "$fake/other.so" -
	skipped other '[^"]*other.so has no trimm_core@trimm_core_1: '
	rm -rf "$TRIMM_RESULTS"
	try trimm run page-pair core=other "${short[@]}"
	expect_code 77
}

test_a_core_of_another_layout() {
	cat >"$scratch/unlike.c" <<-'END'
		#include "core_build.h"
		static const struct core_layout layouts[] = {{"CORE_ABI", CORE_ABI + 1}, {NULL, 0}};
		struct core_build trimm_core = {.layouts = layouts, .revision = "unlike"};
	END
	"${CC:-gcc}" -std=gnu11 -shared -fPIC -mcx16 -I"$root"/{mmcore,bench,targets/user/include,targets/include} \
		-Wl,--version-script="$root/targets/user/core/core.map" -o "$fake/unlike.so" \
		"$scratch/unlike.c"
	try "$build/trimm-user" core "$fake/unlike.so"
	expect_code 1
	expect "$out" "$fake/unlike.so was built for another trimm-user: CORE_ABI is 2 there, 1 here"
	"$build/trimm-user" core "$fake/a.so"
	skipped unlike '[^"]*unlike.so was built for another trimm-user: CORE_ABI is 2 there, 1 here'
}

# A revision with an event less, which is one more as well, another default and a setting less.
test_a_build_that_counts_otherwise() {
	mkdir "$scratch/tree"
	cp -r "$root"/{Makefile,mmcore,bench,targets,analysis,cli,launch,guest,trace,packaging,results} \
		"$scratch/tree"
	sed -i 's/^EVENT(area_steps,/EVENT(area_paces,/; s/^EVENT(area_alloc,/EVENT(added, "things", SUM, NONE, "none")\n&/' \
		"$scratch/tree/mmcore/events.def"
	sed -i 's/TRI_EVENT_area_steps/TRI_EVENT_area_paces/' "$scratch"/tree/mmcore/*.[ch]
	sed -i 's/^TUNABLE(pcp_batch, "pages", 63,/TUNABLE(pcp_batch, "pages", 31,/
		s/^TUNABLE(barn_sheaves,/TUNABLE(barn_bundles,/' "$scratch/tree/mmcore/tunables.def"
	sed -i 's/TRI_TUNABLE_barn_sheaves/TRI_TUNABLE_barn_bundles/' "$scratch"/tree/mmcore/*.[ch]
	make -s -j"$(nproc)" -C "$scratch/tree" core CORE_REVISION=other
	cp "$scratch/tree/build/release/trimm-core.so" "$fake/revision.so"
	trimm run fix_size_alloc_test pcp_batch=63 core=a,revision "${short[@]}" >"$scratch/log" ||
		[[ $? -eq 4 ]]
	trimm validate "$(run_file)"
	expect "$(field 2 revision)" other
	same_counts 1 2 area_steps
	expect "$(field 1 series)" "$(field 2 series)"
	expect "$(lines '"bench":2.*"name":"area_steps".*"value":null,"avail":"unsupported","why":"this build counts no such event"')" 2
	rm -rf "$TRIMM_RESULTS"
	trimm run page-pair core=a,revision "${short[@]}" >"$scratch/log" || [[ $? -eq 3 || $? -eq 4 ]]
	expect "$(lines '"core":"revision".*"settings":\{[^}]*"barn_bundles"[^}]*"pcp_batch":31[,}]')" 1
	rm -rf "$TRIMM_RESULTS"
	try trimm run page-pair arm:core=a arm:core=revision,barn_sheaves=1 "${short[@]}"
	expect "$(lines '"status":"skipped","why":"this build has no setting barn_sheaves=1"')" 1
}

test_processes_take_turns() {
	try trimm run page-pair order=0,1 processes=2 core=a --dry-run
	expect_code 0
	expect "$out" "user: page-pair order=0 core=a process=0
user: page-pair order=1 core=a process=0
user: page-pair order=0 core=a process=1
user: page-pair order=1 core=a process=1"
	trimm run page-pair processes=3 core=a,twin "${short[@]}" >"$scratch/log" || [[ $? -eq 4 ]]
	trimm validate "$(run_file)"
	expect "$(grep -o '"process":[0-9]*' "$(run_file)" | tr '\n' ' ')" \
		'"process":0 "process":0 "process":1 "process":1 "process":2 "process":2 '
	expect "$(grep '"page-pair"' "$(run_file)" | grep -o '"series":"[0-9a-f]*"' | sort -u | wc -l)" 1
	same_counts 1 6
}

test_processes_are_a_number() {
	refused 'trimm: processes=0: not a number of processes; give one, 1 to 1000' processes=0
	refused 'trimm: processes=2: not a number of processes; *' processes=2,3
	refused 'trimm: process: no such parameter of page-pair; did you mean "processes"?' process=1
}

# Instructions and all that is modelled, too; but for misses that depend on what was before.
test_counted_under_emulation() {
	command -v qemu-x86_64 >/dev/null || skip "no qemu-x86_64; make deps installs it"
	trimm run kmalloc-pair fix_size_alloc_test core=a,twin cpus=1 --mode exact --quiet \
		>"$scratch/log"
	trimm validate "$(run_file)"
	expect "$(lines '"name":"instructions".*"stable":true')" 4
	same_counts 0 1 '[ds]tlb_misses|walk_steps|tlb_dropped'
	same_counts 2 3 '[ds]tlb_misses|walk_steps|tlb_dropped'
}

test_checked_at_level_2() {
	[[ -x $root/build/asan/trimm-core.so ]] || skip "no sanitized build; make check makes one first"
	cp "$root/build/asan/trimm-core.so" "$fake/checked.so"
	"$root/build/asan/trimm-user" fix_size_alloc_test cpus=2 blocks=2 warmup=0 \
		arm:core=checked arm:core=checked,flush=eager >"$scratch/records"
	expect "$(grep -c '"check_level":2.*"status":"ok"' "$scratch/records")" 2
	# The program is not checked, its core is.
	trimm run page-pair core=checked "${short[@]}" 2>"$scratch/err" >"$scratch/log" ||
		expect "$(lines '"status":"skipped","why":"[^"]*checked.so is no build of mmcore that fits')" 1
}

tap_run
