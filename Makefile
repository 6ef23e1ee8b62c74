# SPDX-License-Identifier: GPL-2.0-only
# "make help" tells the targets. Kbuild is apart: it is for the kernel's make.

KERNEL ?= 6.12
MACHINE ?= virt

# For the modules of a kernel of yours; the bench builds its own, see scripts/.
KDIR ?= /lib/modules/$(shell uname -r)/build
INSTALL_MOD_DIR ?= updates
prefix ?= /usr
export DESTDIR prefix

TOP := $(CURDIR)
BUILD := $(TOP)/build
GUEST_CROSS := $(if $(filter aarch64 arm64,$(shell uname -m)),,aarch64-linux-gnu-)

all: modules tools

help:
	@echo 'make demo            a guest boots, and a spare core runs firmware'
	@echo 'make check           all tests; make check-full: with the full counts'
	@echo 'make coverage        which lines of the modules the tests run: build/coverage/index.html'
	@echo 'make fuzz            the parsers, TIME=600 seconds each; what is learnt is kept'
	@echo '   TARGET            of them only these, see selftests/fuzz'
	@echo 'make soak            races and kills in one guest, HOURS=1; also KERNEL, MACHINE, SEED'
	@echo 'make bench           the figures, side by side with mainline; not a part of check'
	@echo '   KERNEL=6.1|6.12|newest   which of the stock kernels (demo, bench)'
	@echo '   MACHINE=versal    with Cortex-R5F cores (demo)'
	@echo 'make modules         the modules for KDIR, by default for the running kernel'
	@echo '   KDIR ARCH CROSS_COMPILE W C   as ever'
	@echo "make rpmsg-modules   upstream's rpmsg drivers that KDIR lacks, in build/<release>/rpmsg"
	@echo '   SOURCE            a kernel tree of that version, if not linux-source-X.Y'
	@echo 'make tools           rprocctl'
	@echo 'make install         both; DESTDIR, prefix, INSTALL_MOD_PATH'
	@echo 'make uninstall clean'

demo:
	@scripts/setup demo
	@scripts/demo -k $(KERNEL) -m $(MACHINE)

check check-full:
	@scripts/setup demo check
	@scripts/check $(if $(filter check-full,$@),--full)

coverage:
	@scripts/setup demo check
	@scripts/check coverage

fuzz:
	@scripts/setup demo fuzz
	@scripts/fuzz -t $(or $(TIME),600) $(TARGET)

soak:
	@scripts/setup demo check
	@scripts/soak -t $(or $(HOURS),1) -k $(KERNEL) $(if $(SEED),-s $(SEED)) \
		-m $(if $(filter file,$(origin MACHINE)),virt4,$(MACHINE))

bench:
	@scripts/setup demo bench
	@scripts/bench -k $(KERNEL)

modules:
	$(MAKE) -C $(KDIR) M=$(TOP) modules

rpmsg-modules:
	@scripts/rpmsg-modules $(KDIR)

tools:
	$(MAKE) -C tools/rprocctl O=$(BUILD)/tools

install: modules-install tools
	$(MAKE) -C tools/rprocctl O=$(BUILD)/tools install

modules-install: modules
	$(MAKE) -C $(KDIR) M=$(TOP) INSTALL_MOD_DIR=$(INSTALL_MOD_DIR) modules_install

uninstall:
	$(MAKE) -C tools/rprocctl O=$(BUILD)/tools uninstall
	rm -f $(foreach m,rproc_lite rproc_lite_platform rproc_lite_mailbox, \
		$(wildcard $(INSTALL_MOD_PATH)/lib/modules/*/$(INSTALL_MOD_DIR)/$(m).ko* \
		$(INSTALL_MOD_PATH)/lib/modules/*/$(INSTALL_MOD_DIR)/drivers/rproc_lite/$(m).ko* \
		$(INSTALL_MOD_PATH)/lib/modules/*/$(INSTALL_MOD_DIR)/drivers/rproc_lite/*/$(m).ko*))

clean:
	rm -rf $(BUILD)
	find drivers samples selftests Kbuild -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' -o -name modules.order -o -name Module.symvers | \
		xargs -r rm -f

# libnl has calls that a static program can't make well, and the linker says so. We make none.
QUIET_LIBNL := -Wl,--no-warnings

# What scripts/vm puts into a guest besides the modules.
guest-deps:
	$(MAKE) -j $(shell nproc) -C selftests/firmware O=$(BUILD)/firmware CROSS_COMPILE=$(GUEST_CROSS) all
	libnl=$$(scripts/libnl) && $(MAKE) -C tools/rprocctl O=$(BUILD)/arm64 CC=$(GUEST_CROSS)gcc \
		LDFLAGS="-static $(QUIET_LIBNL)" LIBNL="$$libnl" all

.PHONY: all help demo check check-full coverage fuzz soak bench modules rpmsg-modules tools install \
	modules-install uninstall clean guest-deps
