/** Run a suite written for node's test runner in a page; tell every test's end. */

/**
 * @param {(test: (name: string, body: () => Promise<void>) => void) => void} suite
 * @returns {Promise<{name: string, error: string | null}[]>}
 */
export async function run(suite) {
  const tests = [];
  suite((name, body) => tests.push({ name, body }));
  const ended = [];
  for (const { name, body } of tests) ended.push({ name, error: await failureOf(body) });
  return ended;
}

async function failureOf(body) {
  try {
    await body();
    return null;
  } catch (error) {
    return error.stack || String(error);
  }
}
