#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Dependencies point one way: cli -> analysis; targets -> bench -> mmcore -> platform.h.
# mmcore and bench have no libc and no #ifdef on a target, so that the same source runs on all.
. "$(dirname "$0")/tap"

# The compiler's own headers are everywhere; plat_*.h are a target's to supply.
free_standing='<std(arg|bool|def|int)\.h>'

# Print each include of files in DIRECTORY that is no file of the folders named, and not
# ALLOWED (a regular expression).
foreign_includes() { # DIRECTORY ALLOWED FOLDER...
	local directory=$1 allowed=$2 file line name folder found
	shift 2
	while IFS=: read -r file line name; do
		name=${name#*include}
		name=${name//[[:space:]]/}
		name=${name%%/\**}
		[[ $name =~ ^($allowed)$ ]] && continue
		found=false
		for folder in "$@"; do
			[[ $name != *..* && -e $folder/${name//[\"<>]/} ]] && found=true
		done
		$found || echo "$file:$line: $directory must not include $name"
	done < <(grep -rnE '^[[:space:]]*#[[:space:]]*include' --include='*.[ch]' "$directory")
}

# Print each preprocessor condition that is no include guard and asks for anything but the
# check level: a target, a libc or an operating system.
target_conditions() { # DIRECTORY
	grep -rnE '^[[:space:]]*#[[:space:]]*(if|ifdef|ifndef|elif)\b' --include='*.[ch]' "$1" |
		grep -vE '#[[:space:]]*ifndef [A-Z0-9_]+_H$' | grep -vE '\bTRI_CHECK_LEVEL\b' |
		sed "s|\$|: $1 must not depend on a target|"
}

# Everything the rule forbids in the tree at $PWD.
violations() {
	foreign_includes mmcore "$free_standing|\"plat_(types|arch|trace)\.h\"" mmcore
	foreign_includes bench "$free_standing|\"plat_types\.h\"" bench mmcore
	target_conditions mmcore
	target_conditions bench
	# Upwards: a lower folder must not know a higher one.
	grep -rnE '#[[:space:]]*include "(\.\./)*(cli|targets)/' --include='*.[ch]' analysis bench mmcore
	grep -rnE '#[[:space:]]*include "(\.\./)*(cli|analysis)/' --include='*.[ch]' targets trace launch guest
	foreign_includes analysis '<[a-z0-9_/]+\.h>' analysis
	foreign_includes targets/user '<[a-z0-9_/]+\.h>' bench mmcore targets/include \
		targets/user targets/user/include
	foreign_includes targets/x86_64-qemu "$free_standing" bench mmcore targets/include \
		targets/x86_64-qemu targets/x86_64-qemu/include
	foreign_includes targets/linux-module "$free_standing|<(linux|asm|uapi|trace)/[a-z0-9_/-]+\.h>" bench mmcore \
		targets/include targets/linux-module targets/linux-module/include
	foreign_includes targets/include "$free_standing|\"events\.def\"" targets/include
	foreign_includes trace '<[a-z0-9_/]+\.h>|"events\.(def|h)"|"[a-z_]+\.skel\.h"|"\.\./kernel/command\.h"|"trace_cost\.h"|<bpf/usdt\.bpf\.h>|"(\.\./)?(points|point_shown)\.h"' bench targets/include \
		targets/user/include targets/x86_64-qemu trace/tlbmodel trace/record trace/kernel trace/probes
	foreign_includes guest '<[a-z0-9_/]+\.h>|"targets/linux-module/lines\.h"' guest
	foreign_includes launch \
		'<[a-z0-9_/]+\.h>|"targets/user/questions\.h"|"targets/linux-module/lines\.h"|"guest/port\.h"|"(points|point_shown)\.h"' bench targets/include \
		targets/user/include targets/x86_64-qemu trace/tlbmodel launch
	foreign_includes cli '<[a-z0-9_/]+\.h>' cli analysis
}

# The tree's sources, with one line added to one file.
plant() { # FILE LINE
	mkdir "$scratch/tree"
	cp -r "$root"/{mmcore,bench,targets,trace,launch,guest,analysis,cli} "$scratch/tree"
	cd "$scratch/tree"
	mkdir -p "$(dirname "$1")"
	echo "$2" >>"$1"
}

caught() { # PATTERN
	expect "$(violations)" "*$1*"
}

test_the_tree_keeps_the_rule() {
	cd "$root"
	expect "$(violations)" ""
}

test_libc_in_mmcore_is_caught() {
	plant mmcore/planted.c '#include <stdio.h>'
	caught 'mmcore/planted.c:1: mmcore must not include <stdio.h>'
}

test_a_target_header_in_bench_is_caught() {
	plant bench/planted.c '#  include "../targets/user/window.h"'
	caught 'bench/planted.c:1: bench must not include'
}

test_bench_in_mmcore_is_caught() {
	plant mmcore/planted.h '#include "host.h"'
	caught 'mmcore/planted.h:1: mmcore must not include "host.h"'
}

test_a_target_condition_in_mmcore_is_caught() {
	plant mmcore/planted.c '#ifdef __KERNEL__'
	caught 'mmcore/planted.c:1:#ifdef __KERNEL__: mmcore must not depend on a target'
}

test_a_target_condition_in_a_workload_is_caught() {
	plant bench/workloads/planted.c '#if defined(__linux__)'
	caught 'bench must not depend on a target'
}

test_cli_in_analysis_is_caught() {
	plant analysis/planted.c '#include "cli/cli.h"'
	caught 'analysis/planted.c:1:'
}

test_analysis_in_a_target_is_caught() {
	plant targets/user/planted.c '#include "run.h"'
	caught 'targets/user/planted.c:1: targets/user must not include "run.h"'
}

test_mmcore_in_cli_is_caught() {
	plant cli/planted.c '#include "tri.h"'
	caught 'cli/planted.c:1: cli must not include "tri.h"'
}

tap_run
