# SPDX-License-Identifier: GPL-2.0-only
# What starts a night each night; and Debian's packages.

UNITS := $(DESTDIR)$(PREFIX)/lib/systemd/system
.PHONY: install-nightly
install: install-nightly
install-nightly:
	install -D -m 644 -t $(UNITS) packaging/nightly/trimm-nightly.timer
	sed 's|@bindir@|$(PREFIX)/bin|' packaging/nightly/trimm-nightly.service.in >$(UNITS)/trimm-nightly.service
	chmod 644 $(UNITS)/trimm-nightly.service
	install -D -m 644 packaging/nightly/trimm.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/trimm.conf
	install -D -m 644 packaging/nightly/trimm-nightly.cron $(DESTDIR)$(PREFIX)/share/doc/trimm/examples/trimm-nightly.cron

# From a clean copy of the sources: the tree stays as it is.

DEB := build/deb
DEB_COPY := $(DEB)/trimm-$(VERSION)
DEB_PACKAGES := debhelper dh-dkms dpkg-dev fakeroot bpftool clang libbpf-dev libelf-dev \
	libgsl-dev libjansson-dev libncurses-dev libsqlite3-dev linux-source-6.1 \
	systemtap-sdt-dev xz-utils zlib1g-dev
## Build the Debian packages trimm and trimm-dkms in build/deb (1 minute)
.PHONY: deb
deb:
	@$(MAKE) --no-print-directory deps PACKAGES='gcc libc6-dev make git $(DEB_PACKAGES)'
	@[ "$$(dpkg-parsechangelog -l packaging/debian/changelog -S Version)" = $(VERSION) ] || { \
		echo "packaging/debian/changelog: its newest version is not the Makefile's," \
			"$(VERSION)"; exit 1; }
	@rm -rf $(DEB)
	@mkdir -p $(DEB_COPY)
	@git ls-files -z --cached --others --exclude-standard | xargs -0 cp -p --parents -t $(DEB_COPY)
	@mv $(DEB_COPY)/packaging/debian $(DEB_COPY)/debian
	$(call msg,DEB,$(DEB))
	@cd $(DEB_COPY) && env -u MAKEFLAGS -u MAKELEVEL DEB_BUILD_OPTIONS="noautodbgsym parallel=$(shell nproc)" \
		dpkg-buildpackage -b -us -uc >../log 2>&1 || \
		{ tail -n 5 ../log; echo "all of it: $(DEB)/log"; exit 1; }
	@ls $(DEB)/*.deb

## Try the packages: run what is in them, lintian, DKMS against the kernels of `make module`
.PHONY: deb-check
deb-check: deb
	@TEST_TIMEOUT=1200 tests/run packaging/check
