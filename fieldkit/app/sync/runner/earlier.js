/** An earlier identity that cannot sign in keeps nothing of the others back (fieldkit/runner/earlier.py). */

/**
 * Converse, and go on past an earlier identity that is refused, or whose key is gone. It
 * is told as long as something of it is unsent.
 *
 * @param {import("./exchange.js").Exchange} exchange
 * @param {() => Promise<void>} converse
 */
export async function passingOver(exchange, converse) {
  try {
    await converse();
  } catch (refusal) {
    if (exchange.isCurrent || refusal.code !== "sign-in-refused") throw refusal;
    const count = (await exchange.store.records("sealed")).filter((record) => exchange.owns(record)).length;
    if (count > 0) exchange.report.noteTrouble("records", exchange.device_id, refusal.code, kept(count, refusal));
  }
}

function kept(count, { zh, en }) {
  return {
    zh: `以前登记的身份还有 ${count} 条记录未送达（${zh}）：请在“队列”点“导出到文件”，把导出文件交给市局`,
    en: `${count} records of an earlier enrolment are not delivered (${en}): tap “Export to a file” in the queue and hand the export file to the bureau`,
  };
}
