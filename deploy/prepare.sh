#!/usr/bin/env bash
# What the Makefile needs of the machine: a Python, a virtual environment, system packages for the tests.
#   prepare.sh venv DIR          make a virtual environment with Python 3.11 or later
#   prepare.sh test-packages     have LibreOffice, Chromium, fonts and poppler, installing them when root
#   prepare.sh set-aside DIR     rename an instance so that a fresh one can take its place
#   prepare.sh lock              write requirements/*.txt from pyproject.toml
#   prepare.sh sbom              write build/sbom.json from requirements/run.txt
set -euo pipefail

TEST_PACKAGES=(
    libreoffice-calc libreoffice-writer python3-uno
    fonts-liberation2 fonts-crosextra-carlito fonts-dejavu-core
    chromium poppler-utils
)

# Says a sentence in Vietnamese and in English on standard error, and ends.
stop() {
    printf '%s\n%s\n' "$1" "$2" >&2
    exit 1
}

is_root() { [ "$(id -u)" -eq 0 ]; }

apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq </dev/null
    apt-get install -qq --yes --no-install-recommends "$@" </dev/null >/dev/null
}

find_python() {
    local candidate
    for candidate in python3.11 python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    stop "Máy chưa có Python 3.11 trở lên. Hãy cài Python rồi chạy lại lệnh này." \
         "Python 3.11 or later was not found. Install it and run this command again."
}

make_venv() {
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        if is_root && command -v apt-get >/dev/null; then
            echo "Installing python3-venv ..."
            apt_install python3-venv
        else
            stop "Máy thiếu gói python3-venv. Hãy nhờ quản trị viên chạy: apt-get install python3-venv" \
                 "The package python3-venv is missing. Ask an administrator to run: apt-get install python3-venv"
        fi
    fi
    "$python" -m venv --clear "$1"
}

is_installed() { [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

test_packages() {
    local missing=() package
    for package in "${TEST_PACKAGES[@]}"; do
        is_installed "$package" || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    if ! is_root || ! command -v apt-get >/dev/null; then
        stop "Để chạy kiểm thử, máy cần thêm các gói: ${missing[*]}. Hãy nhờ quản trị viên cài rồi chạy lại." \
             "The tests need these packages: ${missing[*]}. Ask an administrator to install them, then run again."
    fi
    echo "Installing ${missing[*]} ..."
    apt_install "${missing[@]}"
}

set_aside() {
    [ -e "$1" ] || return 0
    local kept="$1.before-$(date +%Y%m%d%H%M%S)"
    mv -- "$1" "$kept"
    printf 'Dữ liệu cũ được giữ tại %s\nThe former data are kept in %s\n' "$kept" "$kept"
}

# The hashes name every file of a release, so one lock serves both processor kinds; no registry address is written.
lock() {
    .venv/bin/pip --quiet --disable-pip-version-check install uv
    local compile=(
        .venv/bin/uv pip compile --quiet --upgrade --generate-hashes --no-header --no-annotate
        --no-emit-index-url --no-emit-find-links --python-platform x86_64-manylinux_2_28 --python-version 3.11
    )
    "${compile[@]}" pyproject.toml requirements/build.in --output-file requirements/run.txt
    "${compile[@]}" --extra dev --constraint requirements/run.txt pyproject.toml requirements/build.in \
        --output-file requirements/test.txt
}

# In an environment of its own: the tool is needed by nobody who runs or tests.
sbom() {
    local tools
    tools=$(mktemp -d)
    trap 'rm -rf "$tools"' RETURN
    "$(find_python)" -m venv "$tools"
    "$tools/bin/pip" --quiet --disable-pip-version-check install cyclonedx-bom
    mkdir -p build
    PYTHONWARNINGS=ignore "$tools/bin/cyclonedx-py" requirements requirements/run.txt --pyproject pyproject.toml \
        --output-reproducible --output-format JSON --output-file build/sbom.json
    echo build/sbom.json
}

cd "$(dirname "$0")/.."
case "${1-}" in
    venv) make_venv "$2" ;;
    test-packages) test_packages ;;
    set-aside) set_aside "$2" ;;
    lock) lock ;;
    sbom) sbom ;;
    *) sed -n '3,7s/^#   //p' "$0" >&2; exit 2 ;;
esac
