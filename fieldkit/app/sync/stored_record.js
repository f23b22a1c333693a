/**
 * How a record changes by what the server says: pure, so that every store does the same
 * inside its own transaction.
 */

import { keepsBytes } from "./outcome.js";

/**
 * Return the row of a record that was just sealed.
 *
 * @param {import("./record.js").Sealed} sealed
 * @param {number} position
 * @param {import("./store_port.js").Extra} extra
 * @returns {import("./store_port.js").StoredRecord}
 */
export function newRecord(sealed, position, { record_no = null, root_id = null }) {
  const { compact, id, hash, device_id, seq, kind, amends, sealed_at } = sealed;
  return {
    ...{ position, compact, id, hash, device_id, seq, kind, amends, sealed_at },
    record_no,
    root_id: root_id ?? id,
    state: "sealed",
    ...{ outcome: null, status: null, code: null, field: null, reason: null },
    ...{ receipt_id: null, epoch: null, server_position: null, received_at: null },
    ...{ status_at: null, exported_at: null },
  };
}

/** Tell whether `sealed` follows `head`, and that is the head expected. */
export function isNext(sealed, head, expectedHead) {
  const isExpected = head.seq === expectedHead.seq && head.hash === expectedHead.hash;
  return isExpected && sealed.seq === head.seq + 1 && sealed.prev === head.hash;
}

/** Tell whether this answer, with this verified receipt, delivers the record. */
export function isDelivering(record, item, receipt) {
  return keepsBytes(item.outcome) && receipt !== null && receipt.covers(record.id, record.hash);
}

/**
 * Return the record after the answer to a push.
 *
 * @param {import("./store_port.js").StoredRecord} record of the item's id and hash
 * @param {import("./outcome.js").ItemOutcome} item
 * @param {import("./receipt.js").Receipt | null} receipt verified
 * @returns {import("./store_port.js").StoredRecord}
 */
export function answered(record, item, receipt) {
  const isDelivered = isDelivering(record, item, receipt);
  return {
    ...record,
    state: isDelivered ? "delivered" : stateWithout(record, item),
    outcome: item.outcome,
    status: item.standing ?? item.outcome,
    code: item.code ?? null,
    field: item.field ?? null,
    reason: item.reason ?? null,
    server_position: item.position ?? record.server_position,
    received_at: item.received_at ?? record.received_at,
    receipt_id: isDelivered ? receipt.receipt_id : record.receipt_id,
    epoch: isDelivered ? receipt.epoch : record.epoch,
  };
}

/** Return the record after an event of the status feed. */
export function told(record, { status, code, reason, at }) {
  return { ...record, status, code, reason, status_at: at };
}

/** Tell whether a new epoch of the server offers this record again. */
export function isLapsed(record, epoch) {
  return record.state === "delivered" && record.epoch !== epoch;
}

function stateWithout(record, item) {
  return item.outcome === "refused" && record.state === "sealed" ? "refused" : record.state;
}
