/**
 * What the protocol refuses: one stable code each, in words for people (sync/errors.py).
 */

import { Problem } from "../problem.js";

const WORDS = {
  malformed: ["不是可读取的签名记录", "Not a readable signed record"],
  "unsupported-key": [
    "不支持这种密钥，只支持 P-256 或 Ed25519",
    "This kind of key is not supported; P-256 or Ed25519 is",
  ],
  "ed25519-unsupported": [
    "本浏览器不能核对 Ed25519 签名，请更新浏览器，或让服务器改用 P-256 密钥",
    "This browser cannot check Ed25519 signatures; update it, or have the server use a P-256 key",
  ],
  "insecure-context": [
    "浏览器只在加密连接下提供签名功能：请用 https:// 打开本页（本机可用 http://localhost）",
    "The browser signs over an encrypted connection only: open this page by https:// (or http://localhost on this machine)",
  ],
  "bad-signature": ["签名与密钥不符", "The signature does not belong to the key"],
  "malformed-document": [
    "签名有效，但内容不是所需的文件",
    "Validly signed, but not the document that was expected",
  ],
  "not-json": [
    "内容含有 JSON 不能表达的值（如无穷大或残缺字符），请改正后再保存",
    "It holds a value that JSON has not (infinity, half a character); correct it and save again",
  ],
  "wrong-audience": [
    "该证明是给另一台服务器或设备的",
    "This proof is meant for another server or device",
  ],
  "stale-manifest": [
    "参考数据比本机已有的旧，未采用",
    "The reference data is older than what is held, and was not taken",
  ],
  "over-size": [
    "记录超过 256 KiB，请缩短文字说明",
    "The record is over 256 KiB; shorten its texts",
  ],
  "head-moved": [
    "封存时另一条记录已先写入，请重试",
    "Another record was sealed in between; try again",
  ],
  "unknown-record": ["发件箱中没有这条记录", "The outbox holds no such record"],
  "reference-altered": [
    "参考数据在传输中改变，未采用",
    "The reference data changed on the way and was not taken",
  ],
};

/**
 * Return the problem of this code; `detail` is in English and for the log.
 *
 * @param {keyof typeof WORDS} code
 * @param {string} [detail]
 * @param {unknown} [cause]
 * @returns {Problem}
 */
export function protocolProblem(code, detail = "", cause = null) {
  const [zh, en] = WORDS[code];
  return new Problem(code, { zh, en }, { cause, details: detail ? { detail } : {} });
}
