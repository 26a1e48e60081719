"""Machine code of entries: kept on disk, linked into a process in milliseconds.

An object file is what the compiler made of one entry, headed by a line that names its symbol and its checksum. Its name
holds a hash of the sources that the entry is made of (its module and all of the engine that this imports), its folder
the processor it was made for: a changed engine never meets stale code, and compiles only what has changed. LLVM's
linker (llvmlite) puts it into the process; what is damaged or missing is an `EngineError`, and is made anew.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import itertools
import json
import os
import re
import shutil
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from engine.core.jit import cache_base

AT_ONCE = "1"
"""The setting of NUMBA_OPT with which `emit` optimises."""

NARROW = "@narrow"
"""How the names of entries end whose code is made for narrow units (`core.record`)."""

_ROOT = Path(__file__).resolve().parents[2]
_IMPORT = re.compile(r"^\s*(?:from|import) (engine(?:\.\w+)*)(?: import ([\w, ]+|\())?", re.MULTILINE)
_KEPT_S = 30 * 24 * 3600.0
"""What no version of the engine has used for so long is not coming back."""


class EngineError(RuntimeError):
    """The engine cannot be made ready, in one clear line."""


@dataclass(frozen=True, slots=True)
class ObjectCode:
    """What the compiler made of an entry. `unused` are functions it names on paths that are never taken."""

    symbol: str
    unused: tuple[str, ...]
    code: bytes

    def packed(self) -> bytes:
        """As bytes for a file or a pipe: a line of JSON, and the code."""
        head = asdict(self) | {"code": len(self.code), "sha256": hashlib.sha256(self.code).hexdigest()}
        return json.dumps(head).encode() + b"\n" + self.code

    @staticmethod
    def unpacked(packed: bytes) -> ObjectCode:
        """The reverse. Raises ValueError for what is not whole."""
        line, _, code = packed.partition(b"\n")
        head = json.loads(line)
        if not isinstance(head, dict) or head.get("sha256") != hashlib.sha256(code).hexdigest():
            raise ValueError("damaged")
        return ObjectCode(head["symbol"], tuple(head["unused"]), code)


_fresh: dict[str, ObjectCode] = {}
"""What was compiled while this process runs: it plays on where nothing can be written."""


@cache
def processor() -> tuple[str, str]:
    """Name and features of the processor that code is made for; numba's own settings come first."""
    import llvmlite.binding as llvm

    name = os.environ.get("NUMBA_CPU_NAME") or llvm.get_host_cpu_name()
    features = os.environ.get("NUMBA_CPU_FEATURES")
    return name, llvm.get_host_cpu_features().flatten() if features is None else features


def _file_of(module: str) -> Path | None:
    path = _ROOT.joinpath(*module.split("."))
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return file
    return None


@cache
def _imports(file: Path) -> tuple[bytes, tuple[Path, ...]]:
    """What a file holds, and the files of the engine that it imports."""
    text = file.read_text(encoding="utf-8")
    found = set()
    for module, names in _IMPORT.findall(text):
        # `from engine.inserts import utility` names a module, `from engine.mix import Mix` does not.
        modules = [module, *(f"{module}.{name.strip()}" for name in names.split(",") if name.strip(" ("))]
        found |= {imported for one in modules if (imported := _file_of(one)) is not None}
    return text.encode(), tuple(sorted(found))


@cache
def version_of(name: str) -> str:
    """Sixteen hex digits that change with any source that an entry is made of."""
    module = name.rpartition(".")[0]
    own = _file_of(module) or Path(sys.modules[module].__file__ or "")
    reached, waiting = set[Path](), [own]
    while waiting:
        file = waiting.pop()
        if file not in reached:
            reached.add(file)
            waiting += _imports(file)[1]
    digest = hashlib.sha256()
    for file in sorted(reached):
        digest.update(file.name.encode() + b"\0" + _imports(file)[0] + b"\0")
    return digest.hexdigest()[:16]


def _folder() -> Path:
    kind = hashlib.sha256("".join(processor()).encode()).hexdigest()[:8]
    return cache_base() / "machine_code" / f"{processor()[0]}-{kind}"


def _path(name: str) -> Path:
    return _folder() / f"{name}-{version_of(name)}.object"


def is_kept(name: str) -> bool:
    """Whether the machine code of an entry can be linked without compiling it."""
    return name in _fresh or _path(name).exists()


def keep(name: str, code: ObjectCode) -> None:
    """Keeps the machine code of an entry, for this process at least; versions long unused go."""
    _fresh[name] = code
    path = _path(name)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            try:
                part.write(code.packed())
                part.close()
                Path(part.name).replace(path)
            except OSError:
                Path(part.name).unlink(missing_ok=True)
        for other in path.parent.iterdir():
            if time.time() - other.stat().st_mtime > _KEPT_S:
                other.unlink()


def drop(name: str) -> None:
    """Removes the machine code of one entry, whatever is wrong with it; it is made anew when it is needed."""
    _fresh.pop(name, None)
    with contextlib.suppress(OSError):
        _path(name).unlink(missing_ok=True)


def forget() -> None:
    """Removes all machine code; it is made anew when it is needed."""
    _fresh.clear()
    shutil.rmtree(cache_base() / "machine_code", ignore_errors=True)


def emit(symbol: str, intermediate: str) -> ObjectCode:
    """Machine code of LLVM's intermediate language, for this processor. Raises EngineError if a symbol is missing.

    Where numba was told to leave most of the optimising (see `io.compiler`), it is done here, all at once.
    """
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    module = llvm.parse_assembly(intermediate)
    if not any(function.name == symbol and not function.is_declaration for function in module.functions):
        raise EngineError(f"no code was made for {symbol[:40]}")
    name, features = processor()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    machine = target.create_target_machine(cpu=name, features=features, opt=3, codemodel="jitdefault", jit=True)
    if os.environ.get("NUMBA_OPT") == AT_ONCE:
        tuning = llvm.create_pipeline_tuning_options(speed_level=3)
        tuning.loop_vectorization = True
        builder = llvm.create_pass_builder(machine, tuning)
        builder.getModulePassManager().run(module, builder)
    # Raising an exception and freeing an array are compiled in, and never happen.
    missing = [function.name for function in module.functions if function.is_declaration]
    unused = [name for name in missing if name.startswith(("NRT_", "numba_"))]
    return ObjectCode(symbol, tuple(sorted(unused)), machine.emit_object(module))


@cache
def _linker() -> tuple[Any, int]:
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    abort = ctypes.cast(ctypes.CDLL(None).abort, ctypes.c_void_p).value
    assert abort is not None
    return llvm.create_lljit_compiler(), abort


_linked: list[Any] = []
"""Keeps what was linked in its place."""
_count = itertools.count()


def _load(name: str) -> ObjectCode:
    path = _path(name)
    try:
        code = ObjectCode.unpacked(path.read_bytes())
    except (OSError, ValueError, KeyError) as error:
        raise EngineError(f"the compiled engine is damaged ({name}: {error}); it is made anew") from None
    with contextlib.suppress(OSError):
        os.utime(path)
    return code


def link(name: str) -> int:
    """Links the machine code of an entry into this process; returns its address, which stays valid."""
    import llvmlite.binding as llvm

    code = _fresh.get(name) or _load(name)
    linker, abort = _linker()
    builder = llvm.JITLibraryBuilder().add_object_img(code.code).add_current_process()
    for unused in code.unused:
        builder.import_symbol(unused, abort)
    try:
        library = builder.export_symbol(code.symbol).link(linker, f"{name} {next(_count)}")
    except RuntimeError as error:
        raise EngineError(f"the compiled engine cannot be linked ({name}: {error}); it is made anew") from None
    _linked.append(library)
    return int(library[code.symbol])
