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

	table->lowest = config->runs[0].first / SECTION_FRAMES;
	table->slots = last->first / SECTION_FRAMES - table->lowest + run_sections(last);
	table->sections = 1;
	table->count = 0;
	for (unsigned int i = 0; i < config->nr_runs; i++) {
		table->sections += run_sections(&config->runs[i]);
		table->count += config->runs[i].count;
	}
}

/* Entry of a section whose first frame is @frame; the sum wraps where pfns are high. */
static uintptr_t biased(const struct frame *frame, unsigned long slot, unsigned long lowest)
{
	return (uintptr_t)frame - (lowest + slot) * SECTION_FRAMES * sizeof(*frame);
}

void frame_table_init(struct frame_table *table, const struct tri_config *config)
{
	unsigned long section = 1;

	table->sections_at = (uintptr_t)table->section - table->lowest * sizeof(*table->section);
	for (unsigned long slot = 0; slot < table->slots; slot++)
		table->section[slot] = biased(table->frame, slot, table->lowest);
	for (unsigned int i = 0; i < config->nr_runs; i++) {
		const struct tri_run *run = &config->runs[i];
		struct frame *frame = &table->frame[section * SECTION_FRAMES];
		unsigned long slot = run->first / SECTION_FRAMES - table->lowest;

		for (unsigned long n = 0; n < run_sections(run); n++, section++)
			table->section[slot + n] = biased(&table->frame[section * SECTION_FRAMES],
							  slot + n, table->lowest);
		for (unsigned long n = 0; n < run->count; n++) {
			frame[n].pfn = (uint32_t)(run->first + n);
			frame_set_kind_full(&frame[n], FRAME_KIND(FRAME_INSIDE, 0));
		}
	}
}
