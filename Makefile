# Everything a person types here. `make` alone prints this list.
# A machine with Python 3.11 or newer, python3-venv and make is enough, as root or not.

PYTHON ?= python3
WORKERS ?= 2

PIP := .venv/bin/python -m pip --disable-pip-version-check --no-input --quiet
# The locks name everything, so pip has nothing to resolve: left to itself it may prefer a release
# newer than the lock's for a dependency asked for with an extra, and then refuse it for its hash.
INSTALL := $(PIP) install --no-deps --require-hashes --requirement
INSTALL_US := $(PIP) install --no-deps --no-build-isolation --editable .
COMPILE := CUSTOM_COMPILE_COMMAND='make lock' .cache/lock/bin/pip-compile --quiet --generate-hashes \
  --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
  --no-emit-options $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo run phone check test coverage rewrite soak pictures migration migrate lock

##@ Use it

demo: .venv/installed  ## Try it: a whole support line on this machine, no account (PORT=8080, INSTANCE=folder)
	@exec .venv/bin/ivr demo

phone: .venv/installed  ## A telephone in the terminal; dials into `make demo` or `make run`
	@exec .venv/bin/ivr phone

run: .venv/installed  ## Serve with the settings of the environment (config/README.md); the worker is `ivr worker`
	@exec .venv/bin/ivr serve

##@ Work on it

setup: .venv/installed-for-tests  ## Make .venv with what running, testing and checking need

check: .venv/installed-for-tests  ## What CI asks first: lint, format, types, imports, the configuration, guards
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	.venv/bin/ivr config check
	.venv/bin/pytest --quiet tests/guards

test: .venv/installed-for-tests  ## The whole suite, or the part T=path
	.venv/bin/python -m tests.browser
	.venv/bin/pytest $(if $(T),$(T),--numprocesses $(WORKERS))

coverage: .venv/installed-for-tests  ## The suite again, saying which branches no test takes
	.venv/bin/python -m tests.browser
	.venv/bin/pytest --numprocesses $(WORKERS) --cov --cov-report term

rewrite: .venv/installed-for-tests  ## Write the transcripts afresh; the diff is the review
	.venv/bin/pytest tests/transcripts --rewrite

soak: .venv/installed-for-tests  ## The long runs that `make test` leaves out, up to an hour
	.venv/bin/pytest --soak --timeout 3600 --numprocesses $(WORKERS)

pictures: .venv/installed-for-tests  ## Photograph every screen into build/pictures/
	.venv/bin/python -m tests.browser
	.venv/bin/pytest tests/consoles --pictures

##@ Change what it stands on

migration: .venv/installed-for-tests  ## Draft the next numbered migration from the tables: NAME=add_disposition
	@test -n '$(NAME)' || { echo 'Say what it does: make migration NAME=add_disposition'; exit 2; }
	.venv/bin/python -m ivr.store.migrations.draft '$(NAME)'
	.venv/bin/ruff check --quiet --fix ivr/store/migrations/versions
	.venv/bin/ruff format --quiet ivr/store/migrations/versions

migrate: .venv/installed  ## Bring the database to the newest migration
	.venv/bin/ivr db upgrade

lock: .cache/lock/bin/pip-compile  ## Write both lock files from pyproject.toml; UPGRADE=1 takes newer releases
	$(COMPILE) --build-deps-for editable --output-file requirements.lock pyproject.toml
	$(COMPILE) --build-deps-for editable --extra dev --constraint requirements.lock \
	  --output-file requirements-dev.lock pyproject.toml

help:  ## This list
	@awk 'BEGIN { FS = ":.*##" } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*##/ { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

# The environment. A stamp is newer than the lock file it was made from, so that a second run does nothing.

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'Python 3.11 or newer is needed; name one with make PYTHON=python3.12.'; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
	  || { echo 'This Python cannot make an environment. On Debian and Ubuntu: apt-get install python3-venv'; exit 2; }
	@echo 'Making .venv ...'
	@rm -rf .venv
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.lock pyproject.toml | .venv/bin/python
	@echo 'Installing what the service stands on, once. This takes about a minute ...'
	@$(INSTALL) requirements.lock
	@$(INSTALL_US)
	@touch $@

.venv/installed-for-tests: requirements-dev.lock requirements.lock pyproject.toml | .venv/bin/python
	@echo 'Installing what the service and its tests stand on, once. This takes about two minutes ...'
	@$(INSTALL) requirements-dev.lock
	@$(INSTALL_US)
	@touch .venv/installed $@

# Locks are made with the oldest Python we support: what it needs, a newer one has or needs too.
.cache/lock/bin/pip-compile:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	  || { echo 'Locks are made with Python 3.11; name it with make lock PYTHON=python3.11.'; exit 2; }
	@$(PYTHON) -m venv .cache/lock
	@.cache/lock/bin/python -m pip --disable-pip-version-check --no-input --quiet install pip-tools
