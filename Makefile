# Conóceles needs Go and make. PostgreSQL is found, or installed, by the program
# itself (internal/db/embedded), so every target works as root or not.

GO ?= go
BIN := bin
WITHPG := $(BIN)/withpg

# Go keeps its caches below HOME and refuses to work without one.
ifeq ($(strip $(HOME)),)
export HOME := $(CURDIR)/.cache/home
endif

# git refuses to describe a tree that belongs to another account, and go build
# then fails; the binary does without the description. Without the path of this
# checkout in it, what was compiled once serves builds, checks and tests alike,
# here and in any other checkout.
export GOFLAGS := $(strip $(GOFLAGS) -buildvcs=false -trimpath)

# Formatters and linters have a module file of their own: in go.mod they would
# choose the versions of what the product depends on.
TOOL := $(GO) tool -modfile=tools.mod

.DEFAULT_GOAL := help
.PHONY: help run build test ci generate fmt vet lint race smoke bench leaks withdrawals faults asvs fuzz audit corpus dast nodes load drill simulacro evidence lighthouse clean

help: ## Dice qué hay
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Compila y sirve la demostración, con su propia base de datos
	$(BIN)/conoceles servir --demo

build: ## Compila el programa en ./bin
	$(GO) build -o $(BIN)/conoceles ./cmd/conoceles

test: $(WITHPG) ## Ejecuta todas las pruebas con un PostgreSQL desechable
	$(WITHPG) $(GO) test ./...

ci: ## Hace todo lo que se exige a un cambio, en el orden en que falla antes
	.ci/generated.sh $(GO)
	$(MAKE) audit lint build race smoke

generate: ## Vuelve a generar el código de las plantillas
	$(GO) tool templ generate -path ./web

fmt: ## Da formato al código
	.ci/sources.sh | xargs $(TOOL) gofumpt -w

vet: ## Busca errores con go vet
	$(GO) vet ./...

lint: vet ## Revisa formato, go vet y staticcheck
	@wrong=$$(.ci/sources.sh | xargs $(TOOL) gofumpt -l) && test -z "$$wrong" || \
		{ echo "Falta dar formato (make fmt) a:"; echo "$$wrong"; exit 1; }
	$(TOOL) staticcheck ./...

# Who asks for everything, as everybody, takes ten times as long under the detector,
# and goes without it: what they reach has tests of its own that do not.
CRAWLS := ^(TestCanaries|TestTwoWorlds|TestEveryRouteInABrowser|TestTheGrid)$$

race: $(WITHPG) ## Ejecuta todas las pruebas con el detector de carreras (pide gcc)
	CGO_ENABLED=1 $(WITHPG) $(GO) test -race -vet=off -timeout 30m -skip '$(CRAWLS)' ./...
	$(WITHPG) $(GO) test -vet=off -timeout 30m -run '$(CRAWLS)' ./internal/app

smoke: build ## Arranca el programa compilado, lo visita y lo detiene
	.ci/smoke.sh $(BIN)/conoceles

# RUNLEVEL=1: the package must not start a server of its own.
bench: $(WITHPG) ## Mide lo que tiene medida (y al sitio junto a nginx, si lo hay o se puede instalar)
	@command -v nginx >/dev/null || test "$$(id -u)" != 0 || RUNLEVEL=1 apt-get -qq -y install --no-install-recommends nginx-light || true
	$(WITHPG) $(GO) test -run '^$$' -bench . -benchmem ./...

leaks: ## Siembra cada fuga conocida y comprueba que una prueba la encuentra (tarda)
	.ci/leaks.sh $(GO)

# Where the long runs leave their figures (internal/evidence).
EVIDENCE := CONOCELES_EVIDENCE=$(CURDIR)/build/evidence

withdrawals: $(WITHPG) ## Retira 2,000 consentimientos bajo carga, con conexiones cortadas al azar
	$(EVIDENCE) $(WITHPG) $(GO) test ./internal/app -count=1 -timeout 2h -v -run '^TestCanaries$$/^withdrawal$$' -retiros 2000

asvs: ## Dice qué requisitos de ASVS 5.0.0 no tienen prueba
	.ci/asvs.sh

fuzz: ## Inventa entradas para cada lector, SEGUNDOS cada uno (10 si no se dice)
	.ci/fuzz.sh $(GO) $(or $(SEGUNDOS),10)

audit: ## Busca secretos en lo que se guarda y revisa los módulos, sin conexión
	.ci/secrets.sh
	.ci/dependencies.sh $(GO)

corpus: $(WITHPG) ## Envía las 1,690 entradas malas del corpus, y no una muestra
	$(WITHPG) $(GO) test ./internal/app -count=1 -run '^TestBadInput$$' -corpus

dast: build ## Ataca el programa compilado con sqlmap y wapiti (tarda; pide los dos paquetes)
	.ci/dast.sh $(BIN)/conoceles

faults: $(WITHPG) ## Provoca las fallas de un mal día, muchas veces, y dice qué se perdió (menos de una hora)
	$(EVIDENCE) $(WITHPG) .ci/faults.sh $(GO)

nodes: ## Mata por turno cada nodo, la réplica y la primaria bajo carga, y releva la versión anterior (RONDAS, 5)
	$(EVIDENCE) .ci/nodes.sh $(GO) $(or $(RONDAS),5)

load: ## Mide la carga: público, tumulto, última noche, clientes lentos, abuso y crecimiento (BREVE=1: un minuto de cada una)
	$(EVIDENCE) .ci/load.sh $(GO) $(BREVE)

drill: $(WITHPG) ## Pierde la máquina y restaura el respaldo en una vacía: dice cuánto tardó y qué difiere
	$(EVIDENCE) $(WITHPG) $(GO) test ./internal/app -count=1 -v -run '^TestTheDrill$$'

simulacro: build ## Ensaya un proceso entero, con incidentes, en build/simulacro, y deja su evidencia
	@if test -d build/simulacro; then $(BIN)/conoceles simulacro borrar build/simulacro; fi
	@mkdir -p build
	$(EVIDENCE) $(BIN)/conoceles simulacro correr build/simulacro 2>build/simulacro.log

evidence: ## Imprime, como tabla, las cifras de las últimas corridas (faults, withdrawals, drill y las demás)
	@$(EVIDENCE) $(GO) run ./internal/evidence/table

lighthouse: build ## Visita cinco páginas con Lighthouse, que deben llegar a 100 (pide chromium, nodejs y npm)
	$(EVIDENCE) .ci/lighthouse.sh $(BIN)/conoceles

clean: ## Borra lo compilado y lo descargado; los datos se quedan
	if test -d .cache; then chmod -R u+w .cache; fi
	rm -rf $(BIN) .cache build

# Always asked to Go, which knows whether it changed.
.PHONY: $(WITHPG)
$(WITHPG):
	$(GO) build -o $(WITHPG) ./internal/db/dbtest/withpg
