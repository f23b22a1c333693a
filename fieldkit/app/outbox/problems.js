/** What the tablet's outbox refuses: one stable code each, in words for people. */

import { Problem } from "../problem.js";

const WORDS = {
  "disk-full": [
    "存储空间不足，本次未保存任何内容，此前已保存的记录完好。请先同步或导出，再清理本机空间后重试。",
    "There is no room left: nothing of this was saved, everything saved before is intact. Sync or export, free some space, then try again.",
  ],
  "app-outdated": [
    "本机记录由更新版本的程序写入，记录未受影响。请关闭本页后重新打开。",
    "The records here were written by a newer version; they are untouched. Close this page and open it again.",
  ],
  "storage-failed": [
    "浏览器无法读写本机存储，本次未保存任何内容。请重新打开本页；若仍出现，请导出记录并联系技术人员。",
    "The browser cannot use its storage; nothing of this was saved. Open the page again; if it persists, export your records and ask for help.",
  ],
  "not-enrolled": [
    "本设备尚未登记。请先用登记码登记。",
    "This device is not enrolled yet. Enrol it with a code first.",
  ],
  "key-gone": [
    "本设备的签名密钥已被浏览器清除。请向市局要新的登记码，重新登记；服务器上的记录仍在。",
    "The browser has removed this device's signing key. Ask the bureau for a new code and enrol anew; what the server holds is still there.",
  ],
  "not-found": ["本机没有这条记录", "There is no such record on this device"],
  "draft-gone": [
    "这份草稿已保存为记录，或已在另一个窗口删除。",
    "This draft was saved as a record, or removed in another window.",
  ],
  "photo-unreadable": [
    "无法读取这张照片（为空、超过 64 MiB 或已损坏），未加入。请重拍或另选。",
    "This photograph cannot be read (empty, over 64 MiB or damaged); it was not added. Take or choose another.",
  ],
  "photo-gone": [
    "有照片已不在本机，记录未保存。请删除该照片或重拍后再保存。",
    "A photograph is gone from this device; the record was not saved. Remove or take it again, then save.",
  ],
  withdrawn: [
    "该记录已撤回，不能再更正或撤回。",
    "This record was withdrawn; it cannot be amended or withdrawn again.",
  ],
  finalised: [
    "该记录已定稿，只能补正。",
    "This record is final; only an addendum is possible.",
  ],
  "amended-meanwhile": [
    "该记录刚刚又有了新版本，本次未保存。请在新版本上再改。",
    "A newer version of this record was sealed meanwhile; nothing was saved. Make the change on that one.",
  ],
  "reason-needed": ["请写明原因。", "Give the reason."],
  "sync-running": [
    "另一个窗口正在同步，请等它完成。",
    "Another window is syncing; wait until it has finished.",
  ],
  unsent: [
    "还有记录 {records} 条（连同照片）、已送达记录的照片 {photos} 张未送达也未导出，草稿 {drafts} 份未完成。请先同步，或在“队列”点“导出到文件”，保存或删除草稿，再退出。",
    "{records} records with their photographs, and {photos} photographs of delivered ones, have neither arrived nor been exported, and {drafts} drafts are unfinished. Sync, or tap “Export to a file” in the queue, save or delete the drafts, then sign out.",
  ],
  "app-incomplete": [
    "程序自带的文件读不到，本次未保存；草稿仍在。请联网后重新打开本页。",
    "A file of the app itself cannot be read; nothing of this was saved, the draft is kept. Open the page again with a link.",
  ],
  "nothing-exported": [
    "还没有导出过文件。请先导出。",
    "No file was exported yet. Export first.",
  ],
};

/**
 * Return the problem of this code.
 *
 * @param {keyof typeof WORDS} code
 * @param {{field?: string, details?: object, cause?: unknown}} [about]
 * @returns {Problem}
 */
export function outboxProblem(code, about = {}) {
  const said = (words) => words.replace(/\{(\w+)\}/g, (_all, name) => about.details[name]);
  const [zh, en] = WORDS[code].map(said);
  return new Problem(code, { zh, en }, about);
}
