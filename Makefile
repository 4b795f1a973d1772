# Everything is set up by the targets themselves; `make demo` and `make test` are all that a fresh machine needs.

SWIFT ?= swift
PREFIX ?= /usr/local
# The tools carry Swift's libraries in themselves, so that they run where no Swift is installed.
RELEASE_BUILD = $(SWIFT) build --configuration release --static-swift-stdlib
RELEASE = .build/release
PYTHON = .build-tools/venv/bin/python
LIBRARIES = Brigade S3Client S3Protocol FlowControl Machine
SWIFT_SOURCES = Package.swift Sources Tests

.PHONY: demo test build bench bench-connections bench-copy bench-flow bench-list bench-listing bench-page-reader format lint docs install libraries tools

## Runs the main job on the embedded server: 20,000 objects copied and compared.
demo: libraries
	$(RELEASE_BUILD) --product brigade
	$(RELEASE)/brigade demo

## Runs every test: units, the conformance suite against real servers, the command line, and the Python witnesses.
test: libraries tools lint
	$(SWIFT) build --build-tests
	Tests/run

## Builds both tools for use.
build: libraries
	$(RELEASE_BUILD) --product brigade
	$(RELEASE_BUILD) --product gauge

## Measures the tools beside their alternatives; see Benchmarks/README.md.
bench: bench-copy bench-connections bench-flow bench-list bench-listing bench-page-reader

## Simulates parallel listing over many kinds of keys, in virtual time.
bench-listing:
	$(RELEASE_BUILD) --product ListingSimulator
	$(RELEASE)/ListingSimulator

## Measures how many keys a second one core reads from the pages of a listing.
bench-page-reader:
	$(RELEASE_BUILD) --product PageReader
	$(RELEASE)/PageReader

bench-copy: libraries tools
	$(RELEASE_BUILD) --product brigade
	BRIGADE_BINARY=$(RELEASE)/brigade $(PYTHON) Benchmarks/copy/bench_copy.py

## Counts the connections of 100,000 copies, and what becomes of them.
bench-connections: libraries tools
	$(RELEASE_BUILD) --product brigade
	BRIGADE_BINARY=$(RELEASE)/brigade $(PYTHON) Benchmarks/connections/bench_connections.py

## Simulates how a copy is paced over virtual hours, then measures it on a server that throttles.
bench-flow: libraries tools
	$(RELEASE_BUILD) --product FlowSimulator
	$(RELEASE)/FlowSimulator
	$(RELEASE_BUILD) --product brigade
	BRIGADE_BINARY=$(RELEASE)/brigade $(PYTHON) Benchmarks/flow/bench_flow.py

bench-list: libraries tools
	$(RELEASE_BUILD) --product brigade
	BRIGADE_BINARY=$(RELEASE)/brigade $(PYTHON) Benchmarks/list/bench_list.py

## Rewrites the sources in the project's format.
format:
	$(SWIFT) format format --in-place --recursive --parallel $(SWIFT_SOURCES)

## Fails on any source that is not in the project's format or breaks its rules.
lint:
	$(SWIFT) format lint --strict --recursive --parallel $(SWIFT_SOURCES)

## Writes the documentation of the libraries to .build/documentation, as archives for any web server.
docs:
	$(SWIFT) package dump-symbol-graph --minimum-access-level public --skip-synthesized-members
	mkdir -p .build/documentation
	for library in $(LIBRARIES); do \
		rm -rf .build/symbols/$$library && mkdir -p .build/symbols/$$library && \
		cp .build/*/symbolgraph/$$library.symbols.json .build/symbols/$$library/ && \
		docc convert --additional-symbol-graph-dir .build/symbols/$$library --fallback-display-name $$library \
			--fallback-bundle-identifier $$library --output-path .build/documentation/$$library.doccarchive \
			|| exit 1; \
	done

install: build
	install -D --strip $(RELEASE)/brigade $(DESTDIR)$(PREFIX)/bin/brigade
	install -D --strip $(RELEASE)/gauge $(DESTDIR)$(PREFIX)/bin/gauge

## The C library that the tools are linked with: SQLite, for the journal.
libraries:
	@echo '#include <sqlite3.h>' | $(CC) -E - >/dev/null 2>&1 || { \
		[ "$$(id -u)" = 0 ] && apt-get update >&2 && apt-get install --yes --no-install-recommends libsqlite3-dev >&2; \
	} || { echo "SQLite is missing; on Debian: apt-get install libsqlite3-dev" >&2; exit 1; }

## Python, the servers and the other clients that tests and benchmarks use, in .build-tools.
tools:
	@Tests/Servers/setup.sh >/dev/null
