/** Tell which names are wrong among modules: a JSON file of [[name, text], …] in, the faults out. */
import { readFileSync } from "node:fs";
import { nameFaults } from "./names.js";

console.log(JSON.stringify(nameFaults(new Map(JSON.parse(readFileSync(process.argv[2], "utf8"))))));
