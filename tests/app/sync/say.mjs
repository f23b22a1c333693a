/** Print what the tablet says of every way in which a sync can fail, by code. */

import * as link from "../../../fieldkit/app/sync/runner/link_problems.js";
import { onlySync } from "../../../fieldkit/app/sync/runner/lock.js";
import { protocolProblem } from "../../../fieldkit/app/sync/problems.js";

const SAME = [
  ...["malformed", "unsupported-key", "bad-signature", "malformed-document", "wrong-audience"],
  ...["stale-manifest", "over-size", "head-moved", "unknown-record"],
];
const running = onlySync(() => onlySync(() => null, undefined), undefined).catch((problem) => problem);
const said = [
  link.linkDown("x"),
  link.serverBusy(503, null),
  link.protocolBroken("x"),
  link.receiptNotBelieved("x"),
  await running,
  ...SAME.map((code) => protocolProblem(code)),
];
console.log(JSON.stringify(Object.fromEntries(said.map(({ code, zh, en }) => [code, [zh, en]]))));
