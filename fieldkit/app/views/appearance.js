/** Light, dark or sunlight, and the language: as chosen, else as the machine has it. */
import { setLanguage } from "../words.js";

const DARK = "(prefers-color-scheme: dark)";

/**
 * Show the page in this theme and language from now on; "system" follows the machine.
 *
 * @param {{theme?: string, language?: string}} settings
 */
export function applyAppearance({ theme = "system", language = "zh-CN" }) {
  const root = document.documentElement;
  root.dataset.choice = theme;
  root.dataset.theme = theme === "system" ? machineTheme() : theme;
  setLanguage(language);
  root.lang = language;
}

/** Follow the machine's theme while the choice is "system". */
export function followMachineTheme() {
  matchMedia(DARK).addEventListener("change", () => {
    const root = document.documentElement;
    if (root.dataset.choice === "system") root.dataset.theme = machineTheme();
  });
}

function machineTheme() {
  return matchMedia(DARK).matches ? "dark" : "light";
}
