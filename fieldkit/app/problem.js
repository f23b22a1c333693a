/**
 * What any module of the app rejects with: a stable code, and words for a person.
 *
 * `zh` and `en` name the field and the remedy; `field` is the path as in the
 * record's schema ("site.fix.radius95_m") or "".
 */
export class Problem extends Error {
  /**
   * @param {string} code stable, in kebab case
   * @param {{zh: string, en: string}} words
   * @param {{field?: string, cause?: unknown, details?: object}} [about]
   */
  constructor(code, { zh, en }, { field = "", cause = null, details = {} } = {}) {
    super(`${code}: ${en}`);
    this.name = "Problem";
    this.code = code;
    this.zh = zh;
    this.en = en;
    this.field = field;
    this.cause = cause;
    this.details = details;
  }
}

/**
 * Return any thrown value as a Problem, so that views show words and never a stack.
 *
 * @param {unknown} thrown
 * @returns {Problem}
 */
export function asProblem(thrown) {
  if (thrown instanceof Problem) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const words = {
    zh: `程序出错：${text}。已保存的内容不受影响，请重新打开本页。`,
    en: `A fault in the software: ${text}. What was saved is intact; open the page again.`,
  };
  return new Problem("fault", words, { cause: thrown });
}
