/** Where positions come from: a laptop's receivers if there are any, else the browser. */
import "../../words/position.js";
import { watchBrowserPosition } from "../../device/position.js";
import { say } from "../../words.js";
import { fill } from "../dom.js";
import { selectField } from "../controls.js";

const BROWSER = "browser";

/**
 * Watch the first receiver, or the browser; with several, `place` shows which and lets
 * another be chosen. Returns how to stop.
 */
export function watchPosition(form, place, onFix, onProblem) {
  const { outbox } = form.context;
  let stop = () => {};
  let isOver = false;
  const watch = (source) => {
    stop();
    stop = source === BROWSER ? watchBrowserPosition(onFix, onProblem) : outbox.watchPosition(source, onFix, onProblem);
  };
  const begin = async () => {
    const sources = await outbox.positionSources().catch(() => []);
    if (isOver) return;
    const options = [...sources.map(({ id, label }) => ({ value: id, label })), { value: BROWSER, label: say("position.browser") }];
    if (sources.length > 0) fill(place, selectField({ label: say("position.receiver"), options, value: options[0].value, field: "", onchange: watch }));
    watch(options[0].value);
  };
  begin();
  return () => {
    isOver = true;
    stop();
  };
}
