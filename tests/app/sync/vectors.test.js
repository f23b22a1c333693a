import { readFileSync } from "node:fs";
import { test } from "node:test";

import { VECTOR_FILES, vectorSuite } from "./vector_suite.js";

const FOLDER = new URL("../../../sync/vectors/", import.meta.url);
const load = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf-8"));

vectorSuite(test, Object.fromEntries(VECTOR_FILES.map((name) => [name, load(name)])));
