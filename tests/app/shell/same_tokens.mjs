/**
 * Tell which modules are not the same program: a JSON file of [[name, text, other], …] in,
 * the names that differ out.
 */
import { readFileSync } from "node:fs";
import { tokenizer } from "../../vendor/acorn/acorn.mjs";

function tokens(text) {
  const found = tokenizer(text, { ecmaVersion: "latest", sourceType: "module" });
  return Array.from(found, ({ type, value }) => `${type.label} ${String(value)}`);
}

const modules = JSON.parse(readFileSync(process.argv[2], "utf8"));
const differing = modules.filter(([, text, other]) => JSON.stringify(tokens(text)) !== JSON.stringify(tokens(other)));
console.log(JSON.stringify({ compared: modules.length, differing: differing.map(([name]) => name) }));
