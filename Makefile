# Everything is set up by the targets themselves; `make demo` and `make test` are all that a fresh machine needs.

SWIFT ?= swift
PREFIX ?= /usr/local
RELEASE = .build/release
DEBUG = .build/debug
PYTHON = .build-tools/venv/bin/python
SWIFT_SOURCES = Package.swift Sources Tests

.PHONY: demo test build bench bench-copy format lint docs install tools

## Runs the main job on the embedded server: 20,000 objects copied and compared.
demo:
	$(SWIFT) build --configuration release --product brigade
	$(RELEASE)/brigade demo

## Runs every test: units, the conformance suite against real servers, the command line, and the Python witnesses.
test: tools lint
	$(SWIFT) build --build-tests
	Tests/run

## Builds both tools for use.
build:
	$(SWIFT) build --configuration release --product brigade
	$(SWIFT) build --configuration release --product gauge

## Measures the tools beside their alternatives; see Benchmarks/README.md.
bench: bench-copy

bench-copy: tools
	$(SWIFT) build --configuration release --product brigade
	BRIGADE_BINARY=$(RELEASE)/brigade $(PYTHON) Benchmarks/copy/bench_copy.py

## Rewrites the sources in the project's format.
format:
	$(SWIFT) format format --in-place --recursive --parallel $(SWIFT_SOURCES)

## Fails on any source that is not in the project's format or breaks its rules.
lint:
	$(SWIFT) format lint --strict --recursive --parallel $(SWIFT_SOURCES)

## Writes the symbol graphs of the libraries' documentation to .build.
docs:
	$(SWIFT) package dump-symbol-graph --minimum-access-level public --skip-synthesized-members

install: build
	install -D $(RELEASE)/brigade $(DESTDIR)$(PREFIX)/bin/brigade
	install -D $(RELEASE)/gauge $(DESTDIR)$(PREFIX)/bin/gauge

## Python, the servers and the other clients that tests and benchmarks use, in .build-tools.
tools:
	@Tests/Servers/setup.sh >/dev/null
