"""Packages: finds or gets uv and Python 3.10, and brings ``.venv`` to the locked versions."""

from __future__ import annotations

import configparser
import contextlib
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Mapping, Sequence

from assistant.setup.steps import (
    AGAIN,
    DISK_FULL,
    Failure,
    House,
    Screen,
    alone,
    answer,
    explain,
    last_line,
    need_writable,
    read_json,
    sha256,
    work,
    write_json,
)

OLDEST_UV = (0, 5)
PROBE = (
    "import sys, ctypes, sqlite3, ssl\n"
    "if sys.version_info[:2] == (3, 10) and sys.implementation.name == 'cpython':\n"
    "    print(sys.base_prefix + '/bin/python3.10' if sys.prefix != sys.base_prefix else sys.executable)"
)
NO_PYTHON = (
    "Python 3.10 is missing and could not be downloaded. Install it (pyenv install 3.10; "
    f"macOS: brew install python@3.10), {AGAIN}."
)
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_EXTRA_INDEX_URL",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}


def pip_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what pip is told here (configuration files, then PIP_* variables), by option name."""
    home = Path(environ.get("HOME") or "~").expanduser()
    folders = [
        Path("/etc"),
        *(Path(f) / "pip" for f in environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")),
    ]
    folders += [home / "Library/Application Support/pip", home / ".pip"]
    folders += [Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip"]
    chosen = environ.get("PIP_CONFIG_FILE")
    files = [str(folder / "pip.conf") for folder in folders] + [chosen or ""]
    settings: dict[str, str] = {}
    parser = configparser.RawConfigParser()
    with contextlib.suppress(configparser.Error, UnicodeDecodeError):
        parser.read([] if chosen == os.devnull else files, encoding="utf-8")
    for section in ("global", "install"):
        if parser.has_section(section):
            settings.update(parser.items(section))
    for name, value in environ.items():
        if name.startswith("PIP_") and value:
            settings[name[4:].lower().replace("_", "-")] = value
    return settings


def uv_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for uv: what pip is told holds for uv too, where uv is told nothing else."""
    env = {
        k: v
        for k, v in environ.items()
        if k not in ("VIRTUAL_ENV", "CONDA_PREFIX", "UV_SYSTEM_PYTHON", "UV_PYTHON")
    }
    for option, value in pip_settings(environ).items():
        name = PIP_TO_UV.get(option)
        if name is None or (option == "index-url" and {"UV_INDEX_URL", "UV_INDEX"} & set(env)):
            continue
        words = value.split()
        if option == "find-links":
            words = [word for word in words if ":" in word or Path(word).is_dir()]
        if words:
            env.setdefault(name, ("," if option == "find-links" else " ").join(words))
    if "UV_EXTRA_INDEX_URL" in env:
        # As pip does: every index counts alike. Safe here, for every package is locked by its hash.
        env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return env


def find_uv(house: House, environ: Mapping[str, str]) -> str | None:
    """Return a uv that works and is new enough: an installed one, else the private one."""
    private = house.cache / "tools" / "bin"
    for path in (environ.get("PATH", os.defpath), str(private)):
        uv = shutil.which("uv", path=path)
        if uv:
            found = re.search(r"(\d+)\.(\d+)", answer([uv, "--version"]))
            if found and (int(found[1]), int(found[2])) >= OLDEST_UV:
                return uv
    return None


def get_uv(house: House, screen: Screen, log: Path, python: str = sys.executable) -> str:
    """Install uv into a private environment that the caller's Python makes."""
    screen.step("Getting the installer (uv)")
    tools = house.cache / "tools"
    env = {
        k: v for k, v in os.environ.items() if k not in ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PYTHONHOME")
    }
    lock = house.root / "requirements-uv.txt"
    pip = ["-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]
    shutil.rmtree(tools, ignore_errors=True)
    problem = work([python, "-I", "-m", "venv", str(tools)], log, screen, env)
    if problem is None:
        problem = work([str(tools / "bin" / "python"), *pip], log, screen, env)
    elif "ensurepip" in problem or "venv" in problem:
        # Debian's python3 without python3-venv: its pip, where there is one, can still fill a folder.
        shutil.rmtree(tools, ignore_errors=True)
        if work([python, *pip, "--target", str(tools)], log, screen, env) is None:
            problem = None
    screen.done()
    uv = find_uv(house, {"PATH": str(tools / "bin")})
    if problem is not None or uv is None:
        text = problem or "uv does not start"
        raise Failure(
            f"{explain(text, f'uv could not be installed: {last_line(text)}.', house.root)} Details: {log}"
        )
    return uv


def find_python(house: House, uv: str, screen: Screen, log: Path, environ: Mapping[str, str]) -> str:
    """Return a working CPython 3.10: installed, pyenv's, uv's own, else downloaded by uv."""
    folders = [Path(f) for f in environ.get("PATH", os.defpath).split(os.pathsep) if f]
    pyenv = Path(environ.get("PYENV_ROOT") or Path(environ.get("HOME") or "~").expanduser() / ".pyenv")
    folders += [found / "bin" for found in sorted((pyenv / "versions").glob("3.10*"), reverse=True)]
    folders += [Path("/usr/local/bin"), Path("/usr/bin"), Path("/opt/homebrew/bin")]
    candidates = [sys.executable, *(str(f / "python3.10") for f in folders if (f / "python3.10").exists())]
    for candidate in candidates:
        found = answer([candidate, "-I", "-c", PROBE])
        if found:
            return found
    env = {**uv_environment(environ), "UV_PYTHON_PREFERENCE": "only-managed"}
    find = [uv, "python", "find", "3.10"]
    found = answer(find, {**env, "UV_PYTHON_DOWNLOADS": "never"})
    if not found:
        screen.step("Downloading Python 3.10")
        problem = work([uv, "python", "install", "3.10"], log, screen, env)
        screen.done()
        found = "" if problem else answer(find, env)
        if problem and explain(problem, "", log.parent) == DISK_FULL:
            raise Failure(f"{DISK_FULL} Details: {log}")
    if not found:
        raise Failure(f"{NO_PYTHON} Details: {log}")
    return found


def is_installed(house: House, names: Sequence[str]) -> bool:
    """Whether these requirements files, as they are now, are wholly installed."""
    if house.unfinished.exists() or not os.access(str(house.python), os.X_OK):
        return False
    record = read_json(house.installed)
    return all(record.get(name) == sha256(house.root / name) for name in names)


def install(house: House, screen: Screen, dev: bool = False) -> None:
    """Bring ``.venv`` to the locked packages; does nothing when they are there."""
    names = ["requirements.txt", *(["requirements-dev.txt"] if dev else [])]
    if is_installed(house, names):
        return
    need_writable(house.root)
    with alone(house, screen):
        if is_installed(house, names):
            return
        log = house.cache / "setup.log"
        log.write_text("", encoding="utf-8")
        uv = find_uv(house, os.environ) or get_uv(house, screen, log)
        env = uv_environment(os.environ)
        if house.unfinished.exists() or not answer([str(house.python), "-I", "-c", PROBE]):
            python = find_python(house, uv, screen, log, os.environ)
            set_aside(house)
            check(work([uv, "venv", "--quiet", "--python", python, str(house.venv)], log, screen, env), log)
        hashes = {name: sha256(house.root / name) for name in names}
        kept = {k: v for k, v in read_json(house.installed).items() if k not in names}
        house.unfinished.touch()
        count = len(
            set(re.findall(r"^([\w.-]+)==", "".join((house.root / n).read_text() for n in names), re.M))
        )
        screen.step(f"Installing {count} packages into {house.venv.name} (some minutes at first)")
        command = [uv, "pip", "install", "--python", str(house.python), "--require-hashes"]
        for name in names:
            command += ["-r", str(house.root / name)]
        problem = work(command, log, screen, env)
        screen.done()
        check(problem, log)
        write_json(house.installed, {**kept, **hashes})
        house.unfinished.unlink()


def set_aside(house: House) -> None:
    """Take a broken ``.venv`` away in one move, so that no half of it can be mistaken for a whole."""
    old = house.cache / "old"
    shutil.rmtree(old, ignore_errors=True)
    if house.venv.exists():
        os.replace(house.venv, old)
    shutil.rmtree(old, ignore_errors=True)


def check(problem: str | None, log: Path) -> None:
    if problem is not None:
        raise Failure(
            f"{explain(problem, f'Installation failed: {last_line(problem)}.', log.parent)} Details: {log}"
        )
