# Flowdeck. "make" or "make help" lists what there is.

export CGO_ENABLED ?= 0
GO      ?= go
VERSION ?= dev
LDFLAGS := -s -w $(if $(filter-out dev,$(VERSION)),-X main.version=$(VERSION))
ROOT    := $(if $(filter 0,$(shell id -u)),,sudo -n)

.DEFAULT_GOAL := help
.PHONY: help run build test fuzz check e2e budget bench soak crash generate format clean need-chromium need-postgresql need-gcc

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build and serve on 127.0.0.1:8080, with a sample service; data in ./data
	./flowdeck serve --sample

build: static/dist/manifest.json ## build ./flowdeck, one static binary
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o flowdeck ./cmd/flowdeck

# Where goroutines share memory the race detector looks on; it makes everything else five
# times slower and finds nothing there. What is done twice, on SQLite and on PostgreSQL, it
# sees once, and what is killed, which is the same over and over and another process, it does
# not see; that waits more than it works, so the rest runs beside it. SQLite, which is C put
# into Go, is compiled without it: our code and the driver share memory with each other and
# not with that. Those that take longest begin first, so that no processor waits for them. go
# vet has looked before, so go test does not.
PACKAGES = $(shell $(GO) list ./...)
LONGEST  = flowdeck/web flowdeck/flows/local flowdeck/flows/store
SHARED   = $(LONGEST) $(filter flowdeck/cmd/% flowdeck/connectors flowdeck/e2e/% flowdeck/flows/learn flowdeck/flows/runner \
	flowdeck/oauth flowdeck/cards/httpcard flowdeck/cards/pattern,$(PACKAGES))
C        = modernc.org/sqlite/lib modernc.org/libc/... modernc.org/memory
RACE     = -race $(C:%=-gcflags=%=-race=false)
UNSEEN   = PostgreSQL|Killed|TestEngineOnSQLite/kill
HAVE     = $(sort $(dir $(shell grep -rlE '^func Test[A-Za-z]*(PostgreSQL|Killed|EngineOnSQLite)' --include='*_test.go' $(SHARED:flowdeck/%=./%))))

test: node_modules/.package-lock.json need-chromium need-postgresql need-gcc ## run every test; installs what it lacks
	$(GO) vet ./...
	@status=0; unseen=$$(mktemp); trap 'rm -f "$$unseen"' EXIT; \
	{ CGO_ENABLED=1 $(GO) test $(RACE) -vet=off -timeout 20m -skip '$(UNSEEN)' -json $(SHARED); \
	  $(GO) test -vet=off -timeout 20m -run '$(UNSEEN)' -json $(HAVE) >"$$unseen" & \
	  $(GO) test -vet=off -timeout 20m -json $(filter-out $(SHARED),$(PACKAGES)); \
	  wait; cat "$$unseen"; } | $(GO) run .ci/summary.go || status=1; \
	$(MAKE) --no-print-directory fuzz || status=1; \
	npx playwright test -c e2e || status=1; \
	exit $$status

# What reads what people write: templates, calls of cards, JSON, flow files, pasted commands.
# By number and not by time: at the end of its time the go command may say that the time is
# over when it did nothing wrong. SQLite is not looked into: to compile it for that takes a minute.
FUZZTIME ?= 30000x
FUZZED   := flows/expr:FuzzTemplate flows/expr:FuzzJSON flows:FuzzFunctions flows:FuzzDecodeDocument cards/schema:FuzzDecodeJSON cards/curl:FuzzParse \
	flows/bundle:FuzzRead oauth:FuzzAssertion oauth:FuzzTokenRequest

fuzz: ## look for input that breaks what reads it, FUZZTIME (30000x) inputs each
	@for f in $(FUZZED); do \
		$(GO) test $(C:%=-gcflags=%=-d=libfuzzer=0) ./$${f%%:*} -run '^$$' -fuzz "^$${f##*:}$$" -fuzztime $(FUZZTIME) || exit 1; \
	done

check: generate ## what must hold before anyone reads: generated files, format, types, unit tests
	@changed=$$(git status --porcelain -- static/dist views); test -z "$$changed" || { echo "generated files are not current; commit them:"; echo "$$changed"; exit 1; }
	@bad=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$bad" || { echo "not formatted (make format):"; echo "$$bad"; exit 1; }
	$(GO) vet ./...
	npm run --silent check
	$(GO) test ./...

e2e: node_modules/.package-lock.json need-chromium ## run the browser tests alone
	npx playwright test -c e2e

budget: ## write at full speed for BUDGETTIME (5m) and see that the space for history is kept
	FLOWDECK_BUDGET_TIME=$(or $(BUDGETTIME),5m) $(GO) test ./flows/store -run TheBudgetHolds -count=1 -v -timeout 0

bench: ## measure flows beside plain Go handlers and Node-RED: docs/performance.md
	$(GO) run ./bench -nodered

SOAK ?= 30m

soak: ## drive a flow at 80 % of what it can do for SOAK (30m)
	$(GO) run ./bench -soak $(SOAK) -callers 16 -modes standard-bodies

KILLS ?= 500

crash: ## kill the server under load, KILLS (500) times, and look whether anything is lost or done twice
	$(GO) run ./bench/crash -kills $(KILLS)

generate: node_modules/.package-lock.json ## make the generated files anew: pages and front end
	$(GO) tool templ generate -path views -log-level error
	npm run --silent build

format: ## format the code
	$(GO) tool templ fmt views
	gofmt -w $$(git ls-files '*.go')

clean: ## remove what was built; data stays
	rm -rf flowdeck test-results playwright-report

# The built front end is committed, so this needs npm only when somebody removed it.
static/dist/manifest.json:
	$(MAKE) node_modules/.package-lock.json
	npm run --silent build

node_modules/.package-lock.json: package.json package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or newer"; exit 1; }
	PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund
	@touch $@

# install tries the system's packages, and says what to do when it cannot.
define install
	@echo "installing $(1)"; \
	{ command -v apt-get >/dev/null && $(ROOT) env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends $(1)' >/dev/null; } \
	|| { echo "$(1) is missing and could not be installed here; install it with your system's package manager and run this again"; exit 1; }
endef

need-chromium:
	$(if $(or $(CHROMIUM),$(wildcard /usr/bin/chromium)),,$(call install,chromium))

need-postgresql:
	$(if $(or $(shell command -v postgres),$(wildcard /usr/lib/postgresql/*/bin/postgres)),,$(call install,postgresql))

need-gcc:
	$(if $(shell command -v cc gcc),,$(call install,gcc libc6-dev))
