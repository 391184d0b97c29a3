# Included by the Makefile: `make check`, all of it or, with ONLY="unit/test_x bats/lp-x", some of it.  Ends with "N passed, N failed".
ASAN      := build/asan
SANITIZE  := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
UNITS     := $(patsubst test/unit/%.c,$(ASAN)/unit/%,$(wildcard test/unit/test_*.c))
FUZZERS   := $(patsubst test/fuzz/%.c,$(ASAN)/fuzz/%,$(wildcard test/fuzz/fuzz_*.c))
# the programs end to end, under the sanitizers; then what only looks; then what needs the real speed
CHECKS    := $(UNITS) $(wildcard test/bats/*.bats) $(wildcard test/static/*.sh)
CHECKS    := $(filter-out test/static/sanitizer.sh,$(CHECKS)) $(wildcard test/chaos/*.sh test/chaos/*.pl)
ifdef ONLY
CHECKS    := $(foreach o,$(ONLY),$(filter $(ASAN)/$(o) test/$(o) test/$(o).bats test/$(o).sh test/$(o).pl,$(CHECKS)))
endif
JOBS      ?= 2

# Reports go to a file beside the output, so that no test that expects a failure can take a crash for it.
SANENV    := LP_BIN="$(CURDIR)/$(ASAN)/bin" LP_FAST="$(CURDIR)/bin" LP_TOP="$(CURDIR)" LP_SHARE="$(CURDIR)" CMOCKA_MESSAGE_OUTPUT=TAP \
	ASAN_OPTIONS=exitcode=99:detect_leaks=0:allocator_may_return_null=1:log_path=$(CURDIR)/$(ASAN)/report \
	UBSAN_OPTIONS=print_stacktrace=1:log_path=$(CURDIR)/$(ASAN)/report G_SLICE=always-malloc

.PHONY: check asan fuzz
check: all asan
	@rm -f $(ASAN)/report.*
	@env -u MAKEFLAGS -u MAKELEVEL $(SANENV) perl test/tools/tap.pl -j $(JOBS) -l test/static/sanitizer.sh $(CHECKS)

# A second tree of everything, with its own programs.
asan: | $(AFTER)
	@$(MAKE) -s --no-print-directory BUILD=$(ASAN) BIN=$(ASAN)/bin CFLAGS="$(SANITIZE)" HARDEN=-fPIE asan-all

.PHONY: asan-all
asan-all: all $(UNITS) $(FUZZERS)

$(ASAN)/unit/%: $(ASAN)/test/unit/%.o $(ASAN)/liblp.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LHARDEN) $(LDFLAGS) -o $@ $< $(ASAN)/liblp.a $(LIBS) -lcmocka

$(ASAN)/fuzz/%: $(ASAN)/test/fuzz/%.o $(ASAN)/test/fuzz/driver.o $(ASAN)/liblp.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LHARDEN) $(LDFLAGS) -o $@ $(filter %.o,$^) $(ASAN)/liblp.a $(LIBS)

-include $(wildcard $(ASAN)/test/*/*.d)

# Real models, where a key for them is in the environment (test/live/*.sh say which); they cost a few cents, and no other test needs them.
.PHONY: live
live: all
	@env -u MAKEFLAGS -u MAKELEVEL LP_TOP="$(CURDIR)" LP_BIN="$(abspath $(BIN))" perl test/tools/tap.pl -j 1 test/live/*.sh

# For a longer look: `make fuzz T=csv [SECONDS=600]` under clang's libFuzzer, which learns from coverage.
SECONDS   ?= 60
fuzz:
	@test -n "$(T)" || { echo 'make fuzz T=NAME [SECONDS=60]: which of' $(notdir $(FUZZERS:$(ASAN)/fuzz/fuzz_%=%)) >&2; exit 64; }
	$(MAKE) CC=clang BUILD=build/fuzz BIN=build/fuzz/bin CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,address,undefined" HARDEN=-fPIE build/fuzz/liblp.a
	clang $(CPPFLAGS_OURS) -std=c17 -g -fsanitize=fuzzer,address,undefined -o build/fuzz/$(T) test/fuzz/fuzz_$(T).c build/fuzz/liblp.a $(LIBS)
	mkdir -p build/fuzz/corpus-$(T)
	build/fuzz/$(T) -max_total_time=$(SECONDS) build/fuzz/corpus-$(T) test/fuzz/corpus/$(T)
