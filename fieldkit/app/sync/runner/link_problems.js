/**
 * Every way in which asking the server can fail (fieldkit/link/transport.py).
 *
 *     LinkProblem
 *       link-down             no answer, or half of one       worth another try
 *       server-busy           "come back later"               worth another try
 *       sign-in-expired       the token is no longer good     renewed, once
 *       sign-in-refused       the server does not know us     stop
 *       protocol-broken       an answer that is not ours      stop
 *       request-refused       the server says no, in words    stop (or skip the photo)
 *       receipt-not-believed  not signed by our server        stop
 *       sync-cancelled        somebody stopped it             stop
 *
 * A browser does not tell a script why a connection failed: a server whose certificate
 * is not trusted is a link-down here, and nothing was sent to it.
 */

import { Problem } from "../../problem.js";

/** The exchange with the server did not come about; `Problem`s of other classes are ours. */
export class LinkProblem extends Problem {}

export function linkDown(detail) {
  return new LinkProblem("link-down", {
    zh: `连接不上服务器，或连接中断（${detail}）`,
    en: `the server cannot be reached, or the link broke (${detail})`,
  });
}

/** The same where the machine itself knows why. */
export function noLink() {
  return new LinkProblem("link-down", { zh: "没有网络；有了网络再同步", en: "there is no link; sync once there is one" });
}

/** @param {number} status @param {number | null} retryAfterS */
export function serverBusy(status, retryAfterS) {
  const wait = retryAfterS === null ? "" : `, ${retryAfterS} s`;
  const words = {
    zh: `服务器暂时繁忙（${status}${wait}），稍后再同步`,
    en: `the server is busy (${status}${wait}); sync again later`,
  };
  return new LinkProblem("server-busy", words, { details: { status, retry_after_s: retryAfterS } });
}

export function signInExpired(words) {
  return new LinkProblem("sign-in-expired", words);
}

export function signInRefused(words) {
  return new LinkProblem("sign-in-refused", words);
}

export function protocolBroken(detail) {
  return new LinkProblem("protocol-broken", {
    zh: `对方的回答不符合协议，可能是上网认证页面或代理（${detail}）`,
    en: `the answer is not of this protocol: a sign-in page or proxy? (${detail})`,
  });
}

/** @param {number} status @param {string} problemCode the server's own stable code */
export function requestRefused(status, problemCode, words) {
  return new LinkProblem("request-refused", words, { details: { status, problem_code: problemCode } });
}

export function receiptNotBelieved(detail) {
  return new LinkProblem("receipt-not-believed", {
    zh: `收到的回执不是本服务器签发的，未采信，记录仍留在本机（${detail}）`,
    en: `a receipt came that our server did not sign: not believed, the records stay here (${detail})`,
  });
}

export function syncCancelled() {
  return new LinkProblem("sync-cancelled", {
    zh: "同步已中止，已送达的不受影响；可随时再次同步",
    en: "the sync was stopped; what was delivered stays so: sync again at any time",
  });
}
