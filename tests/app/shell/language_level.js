/**
 * What Chromium 92 and Safari 16.4 do not have, found in a module's syntax tree.
 *
 * The list is by name and so knows no types: a method of ours must not bear one of
 * these names. Each row says since when browsers have it (from the compatibility
 * tables of MDN) and what to use instead.
 */
import { parse } from "../../vendor/acorn/acorn.mjs";

const NAMES = {
  structuredClone: "Chromium 98: JSON, or copy by hand",
  requestIdleCallback: "no Safari: setTimeout",
  scheduler: "Chromium 94, no Safari: setTimeout",
  Iterator: "Chromium 122: an array",
};

const MEMBERS = {
  hasOwn: "Chromium 93: Object.prototype.hasOwnProperty.call",
  findLast: "Chromium 97: reverse().find on a copy",
  findLastIndex: "Chromium 97",
  toSorted: "Chromium 110: [...list].sort()",
  toReversed: "Chromium 110: [...list].reverse()",
  toSpliced: "Chromium 110",
  groupBy: "Chromium 117: a loop",
  withResolvers: "Chromium 119: new Promise",
  fromAsync: "Chromium 121: for await",
  throwIfAborted: "Chromium 100: if (signal.aborted)",
  canParse: "Chromium 120: new URL in try",
  showPicker: "Chromium 99: click()",
  replaceChildrenWith: "no such method",
  isWellFormed: "Chromium 111",
  toWellFormed: "Chromium 111",
  isSubsetOf: "Chromium 122",
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

/**
 * Return what a module uses that the oldest browsers do not have.
 *
 * @param {string} text
 * @returns {{line: number, found: string, instead: string}[]} a syntax error is one too
 */
export function tooNew(text) {
  let tree;
  try {
    tree = parse(text, { ecmaVersion: 2022, sourceType: "module", locations: true });
  } catch (error) {
    return [{ line: error.loc ? error.loc.line : 0, found: error.message, instead: "ES2021 and class fields" }];
  }
  const faults = [];
  walk(tree, (node) => {
    for (const [found, instead] of faultsOf(node)) faults.push({ line: node.loc.start.line, found, instead });
  });
  return faults;
}

function* faultsOf(node) {
  if (node.type in SYNTAX) yield [node.type, SYNTAX[node.type]];
  if (node.type === "MemberExpression" && !node.computed) {
    const { name } = node.property;
    const whole = `${node.object.name}.${name}`;
    if (has(MEMBERS, name)) yield [name, MEMBERS[name]];
    if (has(STATIC_MEMBERS, whole)) yield [whole, STATIC_MEMBERS[whole]];
    if (node.object.name === "globalThis" && has(NAMES, name)) yield [name, NAMES[name]];
  }
  if (node.type === "CallExpression" && has(NAMES, node.callee.name)) yield [node.callee.name, NAMES[node.callee.name]];
  if (node.type === "Literal" && node.regex && /[v]/.test(node.regex.flags)) yield ["regular expression /v", "Chromium 112: /u"];
}

function has(table, name) {
  return Object.prototype.hasOwnProperty.call(table, name);
}

function walk(node, visit) {
  if (Array.isArray(node)) node.forEach((one) => walk(one, visit));
  if (!node || typeof node.type !== "string") return;
  visit(node);
  for (const value of Object.values(node)) if (value && typeof value === "object") walk(value, visit);
}
