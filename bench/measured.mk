# SPDX-License-Identifier: GPL-2.0-only
# Each workload's version is the hash of its source and of what it runs between the clock
# reads: results of another version don't compare. Read by make and by Kbuild.
MEASURED :=
MEASURED += bench/bench.h bench/barrier.c
MEASURED += bench/blocks.h bench/blocks.c bench/blocks_pair.c
MEASURED += bench/bulk.h bench/bulk.c bench/bulk_scatter.c
MEASURED += bench/bytes.h bench/bytes.c
MEASURED += bench/drive.h bench/drive.c
MEASURED += bench/drop.h bench/drop.c
MEASURED += bench/hold.h bench/hold.c
MEASURED += bench/levels.h
MEASURED += bench/lone.h bench/lone.c
MEASURED += bench/mapped.h bench/mapped.c
MEASURED += bench/plain.h bench/plain.c
MEASURED += bench/remap.h bench/remap.c
MEASURED += bench/ring.h bench/ring.c
MEASURED += bench/round.h bench/round.c
MEASURED += bench/scribble.h bench/scribble.c
MEASURED += bench/victim.h bench/victim.c
# Of workload $(2), in the tree at $(1).
workload_version = $(shell cd $(1) && cat $(2) $(MEASURED) | sha256sum | cut -c1-16)
