#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Are the rows of impl=native honest? The kernel's own lib/test_vmalloc.c says what a round of its
# fix_size_alloc_test takes; ours must say the same of Linux's allocator, within 10 %, in the same
# boot, for as many rounds, five times each by turns, medians; on one CPU. The guest's clock counts
# instructions (icount): a busy host moved either side's time by a factor of ten.
#
# Theirs is the time of all rounds together, with the purges that fall into it; ours is the mean of
# `total`, which has the purge at the end of each block as well: blocks are as long as can be, so
# that one is few among those the kernel does by itself. Rounds are not timed one by one
# (timing=none), since theirs are not either.
#
# Their source is taken from Debian's package linux-source-VERSION, which is not installed but read,
# and built below build/; nothing of it is part of this project.
#
# MODULE_ROUNDS says in which kernels and of how many pages: KERNEL/PAGES; one, unless it is said.
. "$(dirname "$0")/setup"

read -ra rounds <<<"${MODULE_ROUNDS-6.1/1}"
guests=$root/build/guest
here=$root/tests/module

# A boot with ten runs.
patience=${MODULE_PATIENCE-280}

# Print the path of the compressed sources, or nothing: from where Debian's package puts them, or
# out of the package's file.
sources_of() { # VERSION
	local installed=/usr/src/linux-source-$1.tar.xz package

	if [[ -f $installed ]]; then
		echo "$installed"
		return
	fi
	mkdir -p "$guests/packages"
	(cd "$guests/packages" && apt-get -q download "linux-source-$1") >&2 || return 0
	for package in "$guests/packages/linux-source-$1"_*.deb; do
		dpkg-deb -x "$package" "$guests/packages/linux-source-$1"
	done
	echo "$guests/packages/linux-source-$1$installed"
}

# One file of 80,000; tar stops reading at the first of that name.
take_source() { # VERSION DIRECTORY
	local sources

	[[ ! -f $2/test_vmalloc.c ]] || return 0
	sources=$(sources_of "$1")
	[[ $sources ]] || skip "no package linux-source-$1, installed or to be fetched"
	mkdir -p "$2"
	tar -xJOf "$sources" --occurrence=1 "linux-source-$1/lib/test_vmalloc.c" \
		>"$2/test_vmalloc.new"
	mv "$2/test_vmalloc.new" "$2/test_vmalloc.c"
}

# It calls __vmalloc_node(), which no kernel exports, in three cases that ask for an alignment; it
# must link, but those cases don't run here. The one that does calls vmalloc(), as it is.
write_shim() { # DIRECTORY
	cat >"$1/shim.h" <<-'END'
		#include <linux/vmalloc.h>
		#undef __vmalloc_node
		#define __vmalloc_node(size, align, gfp, node, caller) \
			((void)(align), (void)(node), (void)(caller), __vmalloc(size, gfp))
	END
	cat >"$1/Kbuild" <<-'END'
		obj-m := test_vmalloc.o
		CFLAGS_test_vmalloc.o := -include $(src)/shim.h
	END
}

# CONFIG_...: where there is no pahole; nobody asks for this module's types.
make_theirs() { # VERSION
	local folder=$guests/$1/test_vmalloc

	take_source "$1" "$folder"
	write_shim "$folder"
	try make -s -C "$guests/$1/headers" M="$folder" CONFIG_DEBUG_INFO_BTF_MODULES= modules
	expect_code 0
}

# The median of column NUMBER.
median() { # NUMBER
	cut -d ' ' -f "$1" | sort -g | awk '{ value[NR] = $1 } END { print value[(NR + 1) / 2] }'
}

compare() { # VERSION PAGES
	local ours theirs

	need_guest "$1"
	make_theirs "$1"
	try guest kernel="$1" mode=exact watchdog=300 \
		"$guests/$1/test_vmalloc/test_vmalloc.ko" "$here/guest_test_vmalloc" -- \
		sh guest_test_vmalloc "$2"
	expect_code 0
	[[ $(wc -l <<<"$out") -eq 5 ]]
	ours=$(median 1 <<<"$out")
	theirs=$(median 2 <<<"$out")
	awk -v kernel="$1" -v pages="$2" -v ours="$ours" -v theirs="$theirs" 'BEGIN {
		printf "# %s, %d pages: ours %.0f ns a round, theirs %.0f: %+.1f %%\n", kernel, pages,
			ours, theirs, (ours / theirs - 1) * 100
		exit !(theirs > 0 && ours >= 0.9 * theirs && ours <= 1.1 * theirs)
	}' || {
		echo "$out"
		return 1
	}
}

for one in "${rounds[@]}"; do
	kernel=${one%/*} pages=${one#*/}
	eval "test_rounds_of_${pages}_pages_on_${kernel//./_}_take_what_test_vmalloc_says() {
		compare $kernel $pages; }"
done

tap_run
