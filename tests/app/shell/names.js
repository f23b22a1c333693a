/**
 * Names that a module uses and nobody defines, imports that nobody exports, and imports
 * that nobody uses: what a browser tells only once a finger comes to that line.
 *
 * A name counts as the module's own wherever in the module it is bound.
 */
import { dirname, join } from "node:path";
import { bind, declaredIn, isReference, parsed, walk } from "./syntax_tree.js";

/** What the language and the browsers bring, as far as the app uses it. */
const BROWSER = new Set(
  `Array ArrayBuffer BigInt Boolean DataView Date Error Float64Array Infinity JSON Map Math Number Object
  Promise RangeError RegExp Set String SyntaxError TypeError Uint32Array Uint8Array WeakMap
  decodeURI decodeURIComponent encodeURIComponent globalThis parseInt undefined
  AbortController Blob BroadcastChannel CSS CompressionStream DOMException DecompressionStream Element File
  Headers IDBKeyRange MutationObserver Node ResizeObserver Response TextDecoder TextEncoder URL URLSearchParams
  addEventListener atob btoa caches clearInterval clearTimeout createImageBitmap crypto document fetch
  getComputedStyle history indexedDB localStorage location matchMedia navigator performance
  removeEventListener requestAnimationFrame self setInterval setTimeout window`.split(/\s+/),
);

/**
 * Return the faults of a program's modules.
 *
 * @param {Map<string, string>} modules path to text
 * @returns {string[]} "path:line what is wrong"
 */
export function nameFaults(modules) {
  const trees = new Map([...modules].map(([path, text]) => [path, parsed(text)]));
  const exported = new Map([...trees].map(([path, tree]) => [path, exportsOf(tree)]));
  return [...trees].flatMap(([path, tree]) => {
    const faults = [...undefinedNames(tree), ...importFaults(tree, (from) => exported.get(join(dirname(path), from)))];
    return faults.map(({ node, fault }) => `${path}:${node.loc.start.line} ${fault}`);
  });
}

function undefinedNames(tree) {
  const own = declaredIn(tree);
  return usesIn(tree)
    .filter(({ name }) => !own.has(name) && !BROWSER.has(name))
    .map((node) => ({ node, fault: `${node.name} is not defined` }));
}

/** @param {(from: string) => Set<string> | undefined} exportsFrom none for a bundle that others wrote */
function importFaults(tree, exportsFrom) {
  const uses = usesIn(tree);
  return tree.body.filter(({ type }) => type === "ImportDeclaration").flatMap(({ source, specifiers }) => {
    const exported = exportsFrom(source.value);
    return specifiers.flatMap((node) => {
      const local = node.local.name;
      if (!uses.some(({ name }) => name === local)) return [{ node, fault: `${local} is imported and not used` }];
      return wantedOf(node, tree)
        .filter((name) => exported && !exported.has(name))
        .map((name) => ({ node, fault: `${source.value} does not export ${name}` }));
    });
  });
}

/** The names that an import takes from its module, those reached through `* as` with them. */
function wantedOf(specifier, tree) {
  if (specifier.type === "ImportSpecifier") return [specifier.imported.name];
  if (specifier.type === "ImportDefaultSpecifier") return ["default"];
  const reached = [];
  walk(tree, [], (node) => {
    if (node.type === "MemberExpression" && node.object.name === specifier.local.name) reached.push(node.property.name);
  });
  return reached;
}

function usesIn(tree) {
  const uses = [];
  walk(tree, [], (node, path) => {
    if (node.type === "Identifier" && isReference(node, path)) uses.push(node);
  });
  return uses;
}

function exportsOf(tree) {
  const names = new Set();
  for (const { type, declaration, specifiers } of tree.body) {
    if (type === "ExportDefaultDeclaration") names.add("default");
    if (type !== "ExportNamedDeclaration") continue;
    specifiers.forEach(({ exported }) => names.add(exported.name));
    if (declaration?.id) names.add(declaration.id.name);
    declaration?.declarations?.forEach(({ id }) => bind(id, names));
  }
  return names;
}
