/** What the states of a record are called, and what to do about each. The terms are those of `fieldkit list`. */
import { addWords } from "../words.js";

addWords({
  "state.draft": ["草稿", "Draft"],
  "state.sealed": ["已封存，待上传", "Sealed, to be sent"],
  "state.sending": ["正在上传", "Sending"],
  "state.delivered": ["已送达", "Delivered"],
  "state.refused": ["被拒收", "Refused"],
  "state.parked": ["已送达 · 等原记录到达", "Delivered · waiting for the original record"],
  "state.quarantined": ["已送达 · 隔离待审", "Delivered · in quarantine"],
  "state.conflict": ["已送达 · 同号不同内容，待裁定", "Delivered · conflict, awaits a ruling"],
  "state.fork": ["已送达 · 记录链分叉", "Delivered · the chain has forked"],
  "kind.observation": ["记录", "Observation"],
  "kind.amendment": ["更正", "Amendment"],
  "kind.withdrawal": ["撤回", "Withdrawal"],
  "do.sealed": ["有网络时会自动上传，也可点“立即同步”或导出到文件。", "It is sent when there is a link; “Sync now” and the export to a file work too."],
  "do.sealed-exported": ["已导出到文件：请确认市局已导入。有网络时仍会自动上传，不会重复。", "It is in an exported file: make sure that the bureau imports it. It is still sent when there is a link, and counts once."],
  "do.refused": ["服务器没有收下，原件仍在本机。按原因处理后点“再次提交”，或导出到文件交给市局。", "The server did not take it; it is still on this device. Fix the cause and tap “Offer it again”, or export it to a file for the bureau."],
  "do.parked": ["原记录（它更正或撤回的那条）还没到服务器；到了就自动生效。", "The original record, which it amends or withdraws, is not at the server yet; it counts as soon as that arrives."],
  "do.quarantined": ["服务器已收下，暂不计数。请按原因联系市局，由市局裁定。", "The server holds it and does not count it yet. Ask the bureau for a ruling, naming the reason."],
  "do.conflict": ["两份内容都已保存，暂不计数。请联系市局裁定。", "Both contents are kept, neither counts. Ask the bureau for a ruling."],
  "do.fork": ["请向市局申请新的登记码，重新登记本设备；已有记录不会丢失。", "Ask the bureau for a new enrolment code and enrol this device anew; no record is lost."],
});
