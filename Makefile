# GNU make.  `make deps demo` and `make deps check` are all a fresh machine needs.
CFLAGS  ?= -O2 -g
PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build
BIN     ?= bin

PKGS    := sqlite3 libcjson yaml-0.1 gmime-3.0 libxml-2.0 libcurl libical
VERSION := $(shell cat VERSION)
WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wno-deprecated-declarations
ifdef DEVELOPER
WARN    += -Werror -Wformat=2 -Wundef -Wpointer-arith
endif
HARDEN  ?= -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2
LHARDEN ?= -pie -Wl,-z,relro
# Asked when first used, not when read: in `make deps demo` on a bare machine the answer comes after deps.
PKG_CPP  = $(eval PKG_CPP := $(shell pkg-config --cflags $(PKGS) 2>/dev/null))$(PKG_CPP)
PKG_LIBS = $(eval PKG_LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null))$(PKG_LIBS)
AFTER   := $(filter deps,$(MAKECMDGOALS))
CPPFLAGS_OURS = -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -DOPENSSL_API_COMPAT=0x10100000L \
	-DLP_VERSION='"$(VERSION)"' -Ilib -I$(BUILD) $(PKG_CPP)
CFLAGS_OURS := -std=c17 $(WARN) $(HARDEN) -MMD -MP
# One list for all: --as-needed leaves each program linked to just what its objects use, so start-up stays cheap.
# libcrypto comes from its archive: SHA-256 alone then costs no shared library at each start.
CRYPTO  ?= -l:libcrypto.a
LIBS     = -Wl,--as-needed $(PKG_LIBS) -l:libcsv.a $(CRYPTO) -lm -lresolv

LIB_SRC := $(wildcard lib/*/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
CMD_SRC := $(wildcard cmd/*.c)
PROGS   := $(CMD_SRC:cmd/%.c=$(BIN)/%)
SCRIPTS := $(patsubst cmd/%.sh,$(BIN)/%,$(wildcard cmd/*.sh))
SCHEMA  := $(sort $(wildcard schema/*.sql))
PAGES   := $(wildcard man/*.[1-8])

# A line for each file; `make V=1` shows the commands.
ifeq ($(V)$(findstring s,$(firstword -$(MAKEFLAGS))),)
say      = @echo '  $(1)' $@;
endif

.PHONY: all deps demo bench install uninstall clean dist
.SECONDARY:

all: $(PROGS) $(SCRIPTS)

$(BIN)/%: $(BUILD)/cmd/%.o $(BUILD)/liblp.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(CFLAGS) $(LHARDEN) $(LDFLAGS) -o $@ $< $(BUILD)/liblp.a $(LIBS)

$(BIN)/%: cmd/%.sh
	@mkdir -p $(@D)
	$(call say,COPY)install -m 755 $< $@

$(BUILD)/liblp.a: $(LIB_OBJ)
	@rm -f $@
	$(call say,AR  )$(AR) rcs $@ $^

$(BUILD)/%.o: %.c Makefile VERSION | $(AFTER)
	@mkdir -p $(@D)
	$(call say,CC  )$(CC) $(CPPFLAGS_OURS) $(CPPFLAGS) $(CFLAGS_OURS) $(CFLAGS) -c -o $@ $<

$(BUILD)/lib/store/migrate.o: $(BUILD)/schema.inc
$(BUILD)/schema.inc: $(SCHEMA) test/tools/schema-inc.sh
	@mkdir -p $(@D)
	$(call say,GEN )sh test/tools/schema-inc.sh $(SCHEMA) > $@.tmp && mv $@.tmp $@

$(BUILD)/lib/llm/classify_cues.o: $(BUILD)/cues.inc
$(BUILD)/cues.inc: lib/llm/cues.tsv test/tools/tsv-inc.sh
	@mkdir -p $(@D)
	$(call say,GEN )sh test/tools/tsv-inc.sh $< > $@.tmp && mv $@.tmp $@

$(BUILD)/lib/channel/mailhosts.o: $(BUILD)/mailhosts.inc
$(BUILD)/mailhosts.inc: lib/channel/mailhosts.tsv test/tools/tsv-inc.sh
	@mkdir -p $(@D)
	$(call say,GEN )sh test/tools/tsv-inc.sh $< > $@.tmp && mv $@.tmp $@

$(BUILD)/lib/sender/law_rules.o: $(BUILD)/law.inc
$(BUILD)/law.inc: lib/sender/law.tsv test/tools/tsv-inc.sh
	@mkdir -p $(@D)
	$(call say,GEN )sh test/tools/tsv-inc.sh $< > $@.tmp && mv $@.tmp $@

# The classifier is trained here, not at each start of a program.
TRAIN_OBJ := $(BUILD)/test/tools/train.o $(BUILD)/lib/llm/classify_words.o $(BUILD)/lib/llm/classify_features.o $(filter $(BUILD)/lib/base/%,$(LIB_OBJ))
$(BUILD)/lib/llm/classify_model.o: $(BUILD)/model.inc
$(BUILD)/train: $(TRAIN_OBJ)
	$(call say,LINK)$(CC) $(CFLAGS) $(LHARDEN) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/model.inc: lib/llm/replies.tsv $(BUILD)/train
	$(call say,GEN )$(BUILD)/train $< > $@.tmp && mv $@.tmp $@

deps:
	sh test/tools/deps.sh

demo: all
	PATH="$(CURDIR)/$(BIN):$$PATH" LP_SHARE="$(CURDIR)" $(BIN)/leadpilot demo

bench: all
	sh test/bench/run.sh

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/leadpilot/examples
	install -m 755 $(PROGS) $(SCRIPTS) $(DESTDIR)$(PREFIX)/bin
	cp -R examples/. $(DESTDIR)$(PREFIX)/share/leadpilot/examples
	for p in $(PAGES); do d=$(DESTDIR)$(PREFIX)/share/man/man$${p##*.}; install -d $$d && install -m 644 $$p $$d || exit 1; done

uninstall:
	for p in $(notdir $(PROGS) $(SCRIPTS)); do rm -f $(DESTDIR)$(PREFIX)/bin/$$p; done
	for p in $(notdir $(PAGES)); do rm -f $(DESTDIR)$(PREFIX)/share/man/man$${p##*.}/$$p; done
	rm -rf $(DESTDIR)$(PREFIX)/share/leadpilot

dist:
	@head -n 1 NEWS | grep -qF "$(VERSION)" || { echo "make dist: NEWS does not open with $(VERSION)" >&2; exit 1; }
	git archive --prefix=leadpilot-$(VERSION)/ -o leadpilot-$(VERSION).tar.gz HEAD

clean:
	rm -rf $(BUILD) $(BIN)

-include $(LIB_OBJ:.o=.d) $(CMD_SRC:%.c=$(BUILD)/%.d)
include test/check.mk
