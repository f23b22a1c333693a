/**
 * Enrolling: a one-time code becomes this device's identity (fieldkit/enrolment.py).
 *
 * A lost reply does no harm: the key made for a code is kept before it is offered, so
 * that a repeat offers the same key and gets the same answer.
 */

import { Problem } from "../../problem.js";
import { instantText } from "../clock.js";
import { codeHash, makeProof, openCertificate } from "../enrol.js";
import { adoptIdentity, currentIdentity, keyForCode } from "../identity.js";
import { importVerifyingKey, thumbprint as thumbprintOf } from "../keys.js";
import { HttpTransport } from "./transport.js";

/**
 * Make this device one of the bureau's, or find that it is already; both thumbprints are
 * to be compared by people.
 *
 * Rejects "server-mistaken" where another key answers than the QR code names or than this
 * device's records were delivered to, or the certificate is not for our key; a LinkProblem
 * where no answer came or the server refused, with its words.
 *
 * @param {import("../store_port.js").SyncStore} store
 * @param {{url: string, code: string, thumbprint: string | null}} invitation
 * @param {import("./run.js").Surroundings} around
 */
export async function enrolDevice(store, { url, code, thumbprint }, around) {
  const transport = new HttpTransport(url, around);
  const info = await transport.server();
  const serverKey = await serverKeyOf(info, thumbprint, await currentIdentity(store));
  const key = await keyForCode(store, await codeHash(code));
  const proof = await makeProof(key, code, serverKey.thumbprint);
  const enrolled = await transport.enrol(code, key.jwk, proof);
  const certificate = await certificateOf(enrolled, serverKey, key);
  const identity = identityOf(enrolled, certificate, url, serverKey, around.clock().now);
  await adoptIdentity(store, identity, key);
  await store.reopen(enrolled.epoch);
  return {
    identity,
    device_thumbprint: key.thumbprint,
    server_thumbprint: serverKey.thumbprint,
    server_name: info.name,
  };
}

async function serverKeyOf({ jwk }, thumbprint, current) {
  const key = await importVerifyingKey(jwk);
  if (thumbprint !== null && key.thumbprint !== thumbprint) {
    throw mistaken(
      `应答的服务器（${key.thumbprint}）不是登记码所指的服务器（${thumbprint}），未登记`,
      `the server that answers (${key.thumbprint}) is not the one that the code names (${thumbprint}); not enrolled`,
    );
  }
  const known = current === null ? key.thumbprint : await thumbprintOf(current.server_jwk);
  if (known !== key.thumbprint) {
    throw mistaken(
      `本设备属于另一台服务器（${known}）；如要登记到这台，请换用另一台设备或浏览器配置`,
      `this device belongs to another server (${known}); to enrol with this one, use another device or browser profile`,
    );
  }
  return key;
}

async function certificateOf(enrolled, serverKey, key) {
  try {
    const certificate = await openCertificate(enrolled.certificate, serverKey);
    if ((await thumbprintOf(certificate.jwk)) === key.thumbprint) return certificate;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  throw mistaken(
    "服务器发来的设备证书无效，未登记；请向市局要一个新的登记码",
    "the certificate that came is not valid; not enrolled: ask the bureau for a new code",
  );
}

/** The identity is taken from the certificate: only that is signed. */
function identityOf(enrolled, certificate, url, serverKey, now) {
  const { device_id, unit_code, unit_name, officers, compact } = certificate;
  return {
    ...{ device_id, unit_code, unit_name, officers },
    server_url: url,
    server_jwk: serverKey.jwk,
    certificate: compact,
    epoch: enrolled.epoch,
    enrolled_at: instantText(now),
    token: enrolled.token,
    token_expires_at: enrolled.token_expires_at,
  };
}

function mistaken(zh, en) {
  return new Problem("server-mistaken", { zh, en });
}
