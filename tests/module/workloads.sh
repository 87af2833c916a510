#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every workload in both kernels, on 1, 2 and 4 CPUs, mmcore beside Linux's own allocators: each
# runs, does the operations it does in user space, leaves mmcore's state in order, and the kernel's
# log has nothing to say. One boot does for all workloads of a kernel and a number of CPUs; the
# module stays loaded from one to the next.
#
# MODULE_WORKLOADS says in which kernels and on how many CPUs: KERNEL/CPUS, half of the six that
# there are unless it is said. MODULE_CHECKED=1: the module is built at check level 2, where mmcore's
# assertions and shadow are on; that takes longer. `make soak` does both.
. "$(dirname "$0")/setup"

read -ra where <<<"${MODULE_WORKLOADS-6.1/1 6.12/2 6.1/4}"
patience=${MODULE_PATIENCE-280}
checked=${MODULE_CHECKED-}

# "NAME MIN_CPUS" of all there are.
workloads() {
	"$build/trimm-user" describe |
		grep -o '{"name":"[^"]*","about":"[^"]*","origin":"[^"]*","version":"[^"]*","min_cpus":[0-9]*' |
		sed 's/{"name":"\([^"]*\)".*:/\1 /'
}

# What replay replays.
trace=$root/tests/unit/three_lanes.trace

# Some keep tens of thousands of areas, of pages by the megabyte.
words_of() { # WORKLOAD CPUS TRACE
	local memory=(memory=32M window=64M)

	case $1 in
	full_fit_alloc_test | long_busy_list_alloc_test) memory=(memory=256M window=512M) ;;
	tlb_flush1 | tlb_flush3 | vmalloc-scan) memory+=(mib=4) ;;
	replay) memory+=(trace="$3") ;;
	esac
	echo "cpus=$2 ${memory[*]} warmup=0 slice=50 exact_ops=16"
}

# The bench record of an arm, out of the guest's lines of a workload.
arm() { # IMPL
	grep "^R{\"t\":\"bench\".*\"arm\":\"impl=$1\"" <<<"$lines" || true
}

field() { # NAME RECORD
	sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" <<<"$2"
}

# What user space does for these words; nothing, where it can't.
in_user_space() { # WORKLOAD CPUS IMPL
	local words record

	read -ra words <<<"$(words_of "$1" "$2" "$trace")"
	record=$("$build/trimm-user" "$1" "${words[@]}" blocks=2 arm:impl="$3" | grep '"t":"bench"') || true
	[[ $(field status "$record") == skipped ]] || field ops_digest "$record"
}

judge_native() { # RELEASE
	local record why

	record=$(arm native)
	why=$(field why "$record")
	case $(field status "$record"),$why in
	ok,) expect "$(field ops_digest "$record")" "$digest" ;;
	"not_applicable,needs memory of a known size"*) ;;
	"not_applicable,this impl= has no call that resizes"*) expect "$1" 6.1 ;;
	"not_applicable,vmalloc of a Linux before 6.19 may sleep") ;;
	"not_applicable,this kernel has no aligned vmalloc for modules"*) ;;
	*)
		echo "impl=native: $record"
		return 1
		;;
	esac
}

# What Linux alone has.
judge_native_alone() { # WORKLOAD CPUS RECORD-OF-MMCORE
	local record

	record=$(arm native)
	expect "$(field why "$3")" "mmcore has no *" && expect "$lines" "*X0*" &&
		expect "$(grep ^W <<<"$lines")" "" && expect "$(field status "$record")" ok &&
		expect "$(field ops_digest "$record")" "$(in_user_space "$1" "$2" null)"
}

# One workload's lines; a fault in one is no reason not to judge the others.
judge() { # WORKLOAD MIN_CPUS KERNEL CPUS
	local record digest user

	lines=$(sed -n "s/^$1 //p" "$scratch/out")
	if [[ $4 -lt $2 ]]; then
		expect "$lines" "*X77"
		return
	fi
	record=$(arm mmcore)
	if [[ $(field status "$record") == not_applicable ]]; then
		judge_native_alone "$1" "$4" "$record"
		return
	fi
	digest=$(field ops_digest "$record")
	user=$(in_user_space "$1" "$4" mmcore)
	expect "$lines" "*X0*" && expect "$(grep -c ^X <<<"$lines")" 1 &&
		expect "$(grep ^W <<<"$lines")" "" &&
		expect "$(field status "$record")" ok && expect "$record" "*\"target\":\"linux-module\"*" &&
		expect "$digest" "${user:-?*}" && judge_native "$3" &&
		expect "$lines" "*check arm 0: impl=mmcore*check 0 faults*" &&
		expect "$(grep -c 'check.* faults' <<<"$lines")" 1 || return 1
	[[ ! $checked ]] || expect "$record" '*"check_level":2,*'
}

all_workloads() { # KERNEL CPUS
	local name least failed=0

	workloads >"$scratch/workloads"
	[[ $(wc -l <"$scratch/workloads") -gt 30 ]]
	while read -r name least; do
		echo "$name $(words_of "$name" "$2" "/files/${trace##*/}") arm:impl=mmcore arm:impl=native"
	done <"$scratch/workloads" >"$scratch/cases"
	try guest kernel="$1" cpus="$2" ram="$ram" "$scratch/cases" "$trace" \
		"$root/tests/module/guest_workloads" -- sh guest_workloads
	expect "$err" ""
	expect_code 0
	while read -r name least; do
		judge "$name" "$least" "$1" "$2" >"$scratch/judged" 2>&1 || {
			echo "$name: $(cat "$scratch/judged")"
			failed=1
		}
	done <"$scratch/workloads"
	return $failed
}

# Those two take half a GiB, mmcore and Linux together; a module that checks itself, more of everything.
ram=1G
if [[ $checked ]]; then
	ram=2G patience=${MODULE_PATIENCE-3600}
	checked_module() { # KERNEL
		export TRIMM_GUEST=$root/build/guest/$1-checked
		TRIMM_CHECK_LEVEL=2 "$root/guest/prepare" "$1" "$TRIMM_GUEST"
	}
else
	checked_module() { :; }
fi

for one in "${where[@]}"; do
	kernel=${one%/*} cpus=${one#*/}
	eval "test_all_on_${kernel//./_}_with_${cpus}_cpus() {
		need_guest $kernel; checked_module $kernel; all_workloads $kernel $cpus; }"
done

tap_run
