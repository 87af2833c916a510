/* SPDX-License-Identifier: GPL-2.0-only */
/* frame.c - number the lent frames: runs to sections, sections to frame structs. */
#include "frame.h"

static unsigned long run_sections(const struct tri_run *run)
{
	return (run->count + SECTION_FRAMES - 1) / SECTION_FRAMES;
}

void frame_table_measure(struct frame_table *table, const struct tri_config *config)
{
	const struct tri_run *last = &config->runs[config->nr_runs - 1];

	table->lowest = config->runs[0].first;
	table->slots = (last->first - table->lowest) / SECTION_FRAMES + run_sections(last);
	table->sections = 1;
	table->count = 0;
	for (unsigned int i = 0; i < config->nr_runs; i++) {
		table->sections += run_sections(&config->runs[i]);
		table->count += config->runs[i].count;
	}
}

void frame_table_init(struct frame_table *table, const struct tri_config *config)
{
	unsigned long section = 1;

	for (unsigned int i = 0; i < config->nr_runs; i++) {
		const struct tri_run *run = &config->runs[i];
		struct frame *frame = &table->frame[section * SECTION_FRAMES];
		unsigned long slot = (run->first - table->lowest) / SECTION_FRAMES;

		for (unsigned long n = 0; n < run_sections(run); n++)
			table->section[slot + n] = (uint32_t)section++;
		for (unsigned long n = 0; n < run->count; n++) {
			frame[n].pfn = (uint32_t)(run->first + n);
			frame_set_kind(&frame[n], FRAME_INSIDE, 0);
		}
	}
}
