/* SPDX-License-Identifier: GPL-2.0-only */
/* slab_variants.h - every answer to slab=, sheaves= and slab_debug=, for tests to run under. */
#ifndef TESTS_SLAB_VARIANTS_H
#define TESTS_SLAB_VARIANTS_H

#include "model_platform.h"

/* Only SLUB has sheaves, and none where objects are debugged. */
static const struct variant {
	const char *slab, *sheaves, *debug;
} variants[] = {
	{"slub", "on", "0"},
#define POLICY_slab(answer, text, about) {text, "off", "0"}, {text, "on", "1"},
#include "policies.def"
};
#define VARIANTS (sizeof(variants) / sizeof(variants[0]))

static inline struct tri_core *variant_start(const struct variant *variant, unsigned int cpus,
					     unsigned long frames)
{
	struct tri_config config;

	model_config(&config, cpus, frames, 32UL << 20);
	assert_int_equal(tri_config_set(&config, "slab", variant->slab), 0);
	assert_int_equal(tri_config_set(&config, "sheaves", variant->sheaves), 0);
	assert_int_equal(tri_config_set(&config, "slab_debug", variant->debug), 0);
	return model_start(&config);
}

/* Run @test in a fresh core of each. */
static inline void variants_all(void (*test)(struct tri_core *core, const struct variant *variant),
				unsigned int cpus, unsigned long frames)
{
	for (unsigned long i = 0; i < VARIANTS; i++) {
		struct tri_core *core = variant_start(&variants[i], cpus, frames);

		print_message("slab=%s sheaves=%s slab_debug=%s\n", variants[i].slab,
			      variants[i].sheaves, variants[i].debug);
		test(core, &variants[i]);
		model_stop(core);
	}
}

#endif /* TESTS_SLAB_VARIANTS_H */
