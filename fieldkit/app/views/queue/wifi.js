/** Photographs that wait for Wi-Fi: said, and asked about, since many browsers cannot tell. */
import "../../words/queue.js";
import { say } from "../../words.js";
import { button, h } from "../dom.js";

/**
 * Return the question, null where no photograph waits for Wi-Fi.
 *
 * @param {{photos_waiting_for_wifi: boolean, is_on_wifi?: boolean | null}} status
 * @param {() => void} send called when a person lets the photographs go now
 */
export function wifiQuestion({ photos_waiting_for_wifi: isWaiting, is_on_wifi: isOnWifi = null }, send) {
  if (!isWaiting) return null;
  const [asked, answer] = isOnWifi === null ? ["queue.wifi-ask", "queue.wifi-yes"] : ["queue.wifi-mobile", "queue.wifi-anyway"];
  return h("div", { class: "wifi" }, h("p", {}, say(asked)), button(say(answer), send, { class: "button quiet wide" }));
}
