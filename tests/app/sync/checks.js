/**
 * Small checks for suites that run in node and in a browser alike: no imports.
 */

/** Require that both are the same JSON. */
export function equal(actual, expected, about = "") {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${about || "not equal"}: ${one}, not ${other}`);
}

/** Require that a promise is rejected with a Problem of this code. */
export async function rejects(promise, code) {
  const reason = await promise.then(
    () => null,
    (error) => error,
  );
  if (reason === null) throw new Error(`not rejected: ${code}`);
  if (reason.code !== code) throw new Error(`rejected otherwise than ${code}: ${reason.stack}`);
  if (!reason.zh || !reason.en) throw new Error(`${code} says nothing`);
}
