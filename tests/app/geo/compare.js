/**
 * Answer positions as the app does and tell where Python's answers differ.
 *
 * node compare.js FILE: a JSON file {area, area_sha256, counties, rows}, each row a
 * position with Python's answers. Prints {compared, differing, shown, ms_each}.
 */
import { readFileSync } from "node:fs";
import { compared } from "./answers.js";

console.log(JSON.stringify(compared(JSON.parse(readFileSync(process.argv[2], "utf8")))));
