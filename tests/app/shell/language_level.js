/**
 * What Chromium 92 and Safari 16.4 do not have, found in a module's syntax tree.
 *
 * The lists are by name and so know no types: a method of ours must not bear one of
 * these names. Each row says since when browsers have it (from the compatibility
 * tables of MDN) and what to use instead. A use that asks first (typeof, in, ?.) or is
 * tried is nobody's fault.
 */
import { declaredIn, has, isReference, parsed, walk } from "./syntax_tree.js";

const NAMES = {
  structuredClone: "Chromium 98: JSON, or copy by hand",
  requestIdleCallback: "no Safari: setTimeout",
  scheduler: "Chromium 94, no Safari: setTimeout",
  reportError: "Chromium 95: dispatch the event",
  URLPattern: "Chromium 95, no Safari: a regular expression",
  Iterator: "Chromium 122: an array",
  Temporal: "Chromium 144: Date",
};

const MEMBERS = {
  hasOwn: "Chromium 93: Object.prototype.hasOwnProperty.call",
  findLast: "Chromium 97: reverse().find on a copy",
  findLastIndex: "Chromium 97",
  toSorted: "Chromium 110: [...list].sort()",
  toReversed: "Chromium 110: [...list].reverse()",
  toSpliced: "Chromium 110",
  with: "Chromium 110: a copy, then set",
  groupBy: "Chromium 117: a loop",
  withResolvers: "Chromium 119: new Promise",
  fromAsync: "Chromium 121: for await",
  throwIfAborted: "Chromium 100: if (signal.aborted)",
  canParse: "Chromium 120: new URL in try",
  showPicker: "Chromium 99: click()",
  isWellFormed: "Chromium 111",
  toWellFormed: "Chromium 111",
  union: "Chromium 122: a new Set of both",
  intersection: "Chromium 122: filter",
  difference: "Chromium 122: filter",
  symmetricDifference: "Chromium 122: filter",
  isSubsetOf: "Chromium 122: every",
  isSupersetOf: "Chromium 122: every",
  isDisjointFrom: "Chromium 122: some",
  toBase64: "Chromium 140: base64url.js",
  fromBase64: "Chromium 140: base64url.js",
  toHex: "Chromium 140: map and join",
  checkVisibility: "Chromium 105",
  startViewTransition: "Chromium 111",
  setHTMLUnsafe: "Chromium 124",
  createWritable: "no Safari 16.4",
  showSaveFilePicker: "no Safari: a link with download",
};

const STATIC_MEMBERS = {
  "AbortSignal.timeout": "Chromium 103: AbortController and setTimeout",
  "AbortSignal.any": "Chromium 116: listen to each",
  "URL.parse": "Chromium 126: new URL",
  "Promise.try": "Chromium 128",
};

const SYNTAX = { StaticBlock: "Chromium 94: a statement after the class" };
const GLOBALS = new Set(["globalThis", "window", "self"]);

/**
 * Return what a module uses that the oldest browsers do not have.
 *
 * @param {string} text
 * @param {"module" | "script"} [sourceType]
 * @returns {{line: number, found: string, instead: string}[]} a syntax error is one too
 */
export function tooNew(text, sourceType = "module") {
  let tree;
  try {
    tree = parsed(text, sourceType);
  } catch (error) {
    return [{ line: error.loc ? error.loc.line : 0, found: error.message, instead: "ES2021 and class fields" }];
  }
  const own = declaredIn(tree);
  const faults = [];
  walk(tree, [], (node, path) => {
    for (const [found, instead, asked] of faultsOf(node, path, own)) {
      if (!isAskedFirst(node, path, asked)) faults.push({ line: node.loc.start.line, found, instead });
    }
  });
  return faults;
}

function* faultsOf(node, path, own) {
  if (node.type in SYNTAX) yield [node.type, SYNTAX[node.type], null];
  if (node.type === "MemberExpression") yield* faultsOfMember(node);
  if (node.type === "VariableDeclarator" && node.id.type === "ObjectPattern" && GLOBALS.has(node.init?.name)) {
    for (const { key } of node.id.properties) if (key && has(NAMES, key.name)) yield [key.name, NAMES[key.name], key.name];
  }
  if (node.type === "Identifier" && has(NAMES, node.name) && !own.has(node.name) && isReference(node, path)) {
    yield [node.name, NAMES[node.name], node.name];
  }
  if (node.type === "Literal" && node.regex && /[v]/.test(node.regex.flags)) yield ["regular expression /v", "Chromium 112: /u", null];
}

function* faultsOfMember(node) {
  const name = memberName(node);
  const whole = `${node.object.name}.${name}`;
  if (has(MEMBERS, name)) yield [name, MEMBERS[name], name];
  if (has(STATIC_MEMBERS, whole)) yield [whole, STATIC_MEMBERS[whole], name];
  if (GLOBALS.has(node.object.name) && has(NAMES, name)) yield [name, NAMES[name], name];
}

function memberName({ computed, property }) {
  if (!computed) return property.name;
  return property.type === "Literal" ? String(property.value) : undefined;
}

/** Is there a typeof, an `in`, a `?.` or a try, for it or around it? */
function isAskedFirst(node, path, name) {
  if (name === null) return false;
  if (node.type === "MemberExpression" && isMerelyRead(node, path[path.length - 1])) return true;
  const inner = [node, ...[...path].reverse()];
  return inner.some((one, place) => {
    const within = inner[place - 1];
    if (one.type === "UnaryExpression" && one.operator === "typeof") return true;
    if (one.type === "ChainExpression" && place === 2 && inner[1].optional) return true;
    if (one.type === "TryStatement") return within === one.block;
    if (one.type === "IfStatement" || one.type === "ConditionalExpression") return within !== one.test && asksFor(one.test, name);
    return one.type === "LogicalExpression" && one.operator !== "||" && within === one.right && asksFor(one.left, name);
  });
}

/** A member that is not there is undefined: reading it as a question does no harm. */
function isMerelyRead(node, parent) {
  return parent.test === node || (parent.type === "LogicalExpression" && parent.left === node) || parent.operator === "!";
}

function asksFor(test, name) {
  let isAsked = false;
  walk(test, [], (node) => {
    if (node.type === "UnaryExpression" && node.operator === "typeof" && node.argument.name === name) isAsked = true;
    if (node.type === "BinaryExpression" && node.operator === "in" && node.left.value === name) isAsked = true;
    if (node.type === "MemberExpression" && memberName(node) === name) isAsked = true;
  });
  return isAsked;
}
