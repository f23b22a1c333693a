/**
 * Small checks for suites that run in node and in a browser alike: no imports.
 */

/** Require that both are the same JSON, whatever the order of members. */
export function equal(actual, expected, about = "") {
  const [one, other] = [written(actual), written(expected)];
  if (one !== other) throw new Error(`${about || "not equal"}: ${one}, not ${other}`);
}

/** Require that a promise is rejected with a Problem of this code. */
export async function rejects(promise, code) {
  requireProblem(await promise.then(notRefused, (error) => error), code);
}

/** Require that a call throws a Problem of this code. */
export function throws(call, code) {
  let thrown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  requireProblem(thrown, code);
}

function notRefused() {
  return undefined;
}

function requireProblem(found, code) {
  if (found === undefined) throw new Error(`not refused: ${code}`);
  if (found.code !== code) throw new Error(`refused otherwise than ${code}: ${found.stack}`);
  if (!found.zh || !found.en) throw new Error(`${code} says nothing`);
}

function written(value) {
  return JSON.stringify(value, (_key, inner) => {
    const isPlain = typeof inner === "object" && inner !== null && !Array.isArray(inner);
    return isPlain ? Object.fromEntries(Object.entries(inner).sort()) : inner;
  });
}
