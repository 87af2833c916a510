# SPDX-License-Identifier: GPL-2.0-only
# Each workload's version is the hash of its source and of what it runs between the clock
# reads: results of another version don't compare. Read by make and by Kbuild.
MEASURED := $(addprefix bench/,bench.h levels.h bulk.h bulk.c hold.h hold.c round.h round.c lone.h lone.c bytes.h bytes.c \
	drop.h drop.c mapped.h mapped.c blocks.h blocks.c blocks_pair.c ring.h ring.c)
# Of workload $(2), in the tree at $(1).
workload_version = $(shell cd $(1) && cat $(2) $(MEASURED) | sha256sum | cut -c1-16)
