/** A module's syntax tree, as ES2022 has it, and the names in it. */
import { parse } from "../../vendor/acorn/acorn.mjs";

/** Return the tree of a text; a syntax error is thrown as the parser words it. */
export function parsed(text, sourceType = "module") {
  return parse(text, { ecmaVersion: 2022, sourceType, locations: true });
}

/** Call `visit(node, path)` for each node, from the outside in; the path begins at the root. */
export function walk(node, path, visit) {
  if (Array.isArray(node)) node.forEach((one) => walk(one, path, visit));
  if (!node || typeof node.type !== "string") return;
  visit(node, path);
  const inside = [...path, node];
  for (const value of Object.values(node)) if (value && typeof value === "object") walk(value, inside, visit);
}

/** Is this name the thing itself: no key of an object or of a member, no label, no name of another module? */
export function isReference(node, path) {
  const parent = path[path.length - 1];
  if (/^(Import|Export)\w*Specifier$|^(Labeled|Break|Continue)Statement$|^MetaProperty$/.test(parent.type)) return false;
  if (parent.type === "MemberExpression") return parent.object === node || parent.computed;
  const isKey = ["Property", "PropertyDefinition", "MethodDefinition"].includes(parent.type) && parent.key === node;
  return !isKey || parent.computed;
}

/** Every name that the module binds: what is its own is not the browser's. */
export function declaredIn(tree) {
  const own = new Set();
  walk(tree, [], (node) => {
    if (/^(Function|ArrowFunction)/.test(node.type)) node.params.forEach((one) => bind(one, own));
    if (/^(Function|Class)Declaration$/.test(node.type) && node.id) bind(node.id, own);
    if (node.type === "VariableDeclarator") bind(node.id, own);
    if (/^(Function|Class)Expression$/.test(node.type)) bind(node.id, own);
    if (node.type === "CatchClause") bind(node.param, own);
    if (node.type.startsWith("Import") && node.local) bind(node.local, own);
  });
  return own;
}

/** Add the names that a pattern binds. */
export function bind(pattern, own) {
  if (!pattern) return;
  if (pattern.type === "Identifier") own.add(pattern.name);
  if (pattern.type === "ObjectPattern") pattern.properties.forEach((one) => bind(one.value ?? one.argument, own));
  if (pattern.type === "ArrayPattern") pattern.elements.forEach((one) => bind(one, own));
  if (pattern.type === "AssignmentPattern") bind(pattern.left, own);
  if (pattern.type === "RestElement") bind(pattern.argument, own);
}

/** Has the table this row of its own? */
export function has(table, name) {
  return Object.prototype.hasOwnProperty.call(table, name);
}
