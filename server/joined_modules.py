"""The app's modules, joined into a few files for the tablets.

A browser pays for every file: a request through the service worker, an entry in its
cache, a hash when it is kept. On a slow tablet that, and not the bytes, is what the
inspector waits for, so modules that are needed together travel together. Each stays a
scope of its own and is run once, after all that it needs; what is loaded later runs
with its file. The laptop goes without, its app being at hand.

The house's style is a small part of the language: imports stand first, names are
exported where they are declared or not at all, and no module needs itself in a circle.
What is seen not to be so is refused by name (docs/adr/0015).
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

_FROM = r'"(?P<path>[^"\n]+)";[ \t]*$'
_IMPORT = re.compile(
    rf"^import (?:(?P<names>\{{[^}}]*\}}|\* as [\w$]+) from )?{_FROM}", re.MULTILINE
)
_EXPORT = re.compile(
    r"^export (?P<kind>(?:async )?function\*?|class|const) (?P<name>[\w$]+)",
    re.MULTILINE,
)
_LATER = re.compile(r'\bimport\("(?P<path>[^"\n]+)"\)')
_OWN_PLACE = "import.meta.url"
_UNREADABLE = re.compile(
    r"^(?:import|export|await)\b.*"
    r"|(?<![\w$.])import\s*\(.*"
    r"|(?<![\w$.])export\s*(?:[{*]|(?:default|const|let|class|function|async)\b).*",
    re.MULTILINE,
)
BUNDLES = "vendor/"
"""Where others' modules are, which stay files of their own."""


class NotJoinable(ValueError):
    """A module says something that cannot be joined; the message names it."""


@dataclass(frozen=True)
class _Need:
    """One import: which module, and what of it (``{ a, b as c }``), "" for nothing."""

    name: str
    clause: str

    @property
    def names(self) -> list[str]:
        """What must be exported there; none where all of it is taken, or nothing."""
        if not self.clause.startswith("{"):
            return []
        return re.findall(r"([\w$]+)(?: as [\w$]+)?", self.clause)

    @property
    def as_constant(self) -> str:
        """How a scope takes it from the module's value; "" for nothing."""
        if not self.clause:
            return ""
        taken = self.clause.removeprefix("* as ").replace(" as ", ": ")
        return f"const {taken} = {_called(self.name)};"


@dataclass(frozen=True)
class _Module:
    """One module: whom it needs at once and later, and what it exports."""

    name: str
    text: str
    needs: tuple[_Need, ...]
    later: tuple[str, ...]
    exports: tuple[str, ...]


@dataclass(frozen=True)
class _File:
    """One file to be: its modules in the order in which they run."""

    name: str
    modules: list[_Module] = field(default_factory=list)


def joined(
    modules: Mapping[str, str], plan: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Return the text of each file of a plan.

    Args:
        modules: the text of each of ours by its name (``views/dom.js``), without
            its comments.
        plan: for each file the modules that it is asked for. It also holds
            whatever these need, unless a file before it has that.

    Raises ``NotJoinable`` for a form of import or export that the house does not use,
    a name that is imported and not exported, a circle, a module that is not there, and
    one that is loaded later and lies in no file.
    """
    return _Joining(modules).files(plan)


class _Joining:
    """What is known while files are made: each module, and its file."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.known: dict[str, _Module] = {}
        self.homes: dict[str, _File] = {}

    def files(self, plan: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Return the text of each file of the plan."""
        files = [_File(name) for name in plan]
        for file in files:
            for wanted in plan[file.name]:
                self._gather(wanted, file, ())
        return {file.name: self._written(file) for file in files}

    def _gather(self, name: str, file: _File, above: tuple[str, ...]) -> None:
        """Put a module into a file after all that it needs."""
        if name in above:
            raise NotJoinable(f"a circle: {' → '.join((*above, name))}")
        if name in self.homes or name.startswith(BUNDLES):
            return
        if name not in self.texts:
            raise NotJoinable(f"{(file.name, *above)[-1]}: there is no {name}")
        module = self.known[name] = _read(name, self.texts[name])
        for need in module.needs:
            self._gather(need.name, file, (*above, name))
            self._require_exported(need, module)
        self.homes[name] = file
        file.modules.append(module)

    def _require_exported(self, need: _Need, by: _Module) -> None:
        if need.name not in self.known:
            return
        for name in set(need.names) - set(self.known[need.name].exports):
            raise NotJoinable(f"{by.name}: {need.name} does not export {name}")

    def _written(self, file: _File) -> str:
        heads = self._heads(file)
        scopes = [self._scope(module, file) for module in file.modules]
        called = ", ".join(_called(module.name) for module in file.modules)
        return "\n".join([*heads, *scopes, f"export {{ {called} }};", ""])

    def _heads(self, file: _File) -> Iterator[str]:
        """Yield how a file takes what other files hold, each once."""
        needs = [need for own in file.modules for need in own.needs]
        asked = {need.name for need in needs if need.clause}
        taken: dict[str, list[str]] = {}
        for name in dict.fromkeys(need.name for need in needs):
            home = self.homes.get(name)
            if home is None:
                yield f'import * as {_called(name)} from "{_way(file.name, name)}";'
            elif home is not file:
                names = taken.setdefault(home.name, [])
                if name in asked:
                    names.append(_called(name))
        for home_name, names in taken.items():
            way = _way(file.name, home_name)
            yield f'import {{ {", ".join(names)} }} from "{way}";'

    def _scope(self, module: _Module, file: _File) -> str:
        """Return a module as an expression whose value is what it exports."""
        needs, later = iter(module.needs), iter(module.later)
        own_place = f'new URL("{_way(file.name, module.name)}", import.meta.url).href'
        body = _IMPORT.sub(lambda _: next(needs).as_constant, module.text)
        body = _LATER.sub(lambda _: self._loaded(next(later), module, file), body)
        body = _EXPORT.sub(r"\g<kind> \g<name>", body).replace(_OWN_PLACE, own_place)
        head = f"// {module.name}\nconst {_called(module.name)} = (() => {{"
        value = f"return {{ {', '.join(module.exports)} }};"
        return f"{head}\n{body.strip()}\n{value}\n}})();"

    def _loaded(self, name: str, by: _Module, file: _File) -> str:
        """Return the promise of a module that is loaded later."""
        if name.startswith(BUNDLES):
            return f'import("{_way(file.name, name)}")'
        if name not in self.homes:
            raise NotJoinable(f"{by.name}: {name} lies in no file")
        if self.homes[name] is file:
            return f"Promise.resolve().then(() => {_called(name)})"
        there = f'import("{_way(file.name, self.homes[name].name)}")'
        return f"{there}.then((file) => file.{_called(name)})"


def _read(name: str, text: str) -> _Module:
    def at(path: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))

    imports = list(_IMPORT.finditer(text))
    head = text[: imports[-1].end()] if imports else ""
    if before := _IMPORT.sub("", head).strip():
        raise NotJoinable(f"{name}: before its last import: {before.splitlines()[0]}")
    rest = _EXPORT.sub("", _LATER.sub("", _IMPORT.sub("", text)))
    if unread := _UNREADABLE.search(rest):
        raise NotJoinable(f"{name}: {unread[0]}")
    return _Module(
        name,
        text,
        needs=tuple(_Need(at(one["path"]), one["names"] or "") for one in imports),
        later=tuple(at(found["path"]) for found in _LATER.finditer(text)),
        exports=tuple(found["name"] for found in _EXPORT.finditer(text)),
    )


def _called(name: str) -> str:
    """Return what a module is called within a file; no module names anything so."""
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))


def _way(start: str, end: str) -> str:
    way = posixpath.relpath(end, posixpath.dirname(start) or ".")
    return way if way.startswith(".") else f"./{way}"
